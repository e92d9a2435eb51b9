import { describe, expect, it } from '@jest/globals';
import { newId } from '@skyflo/contracts';
import { settleProposals } from './proposals.ts';

const runId = newId();
const settle = (tool: string, args: string, callsLeft = 10) =>
  settleProposals([{ tool, args }], { runId, step: 2, tools: new Set(['k8s_get']), callsLeft })[0];

describe('a proposal of the model', () => {
  it('is sent on under an id that comes from its place', () => {
    expect(settle('k8s_get', '{"kind":"Pod"}')).toEqual({
      callId: `${runId}.2.0`,
      index: 0,
      tool: 'k8s_get',
      args: { kind: 'Pod' },
    });
  });

  it('may have no arguments', () => {
    expect(settle('k8s_get', '')?.args).toEqual({});
  });

  it.each([
    ['an unknown tool', 'k8s_exec', '{}', 'ToolUnknown'],
    ['broken JSON', 'k8s_get', '{"kind": ', 'ArgumentsMalformed'],
    ['a list', 'k8s_get', '[1]', 'ArgumentsMalformed'],
  ])('is answered by the planner when it is %s', (_what, tool, args, code) => {
    expect(settle(tool, args)?.rejection?.code).toBe(code);
  });

  it('is not sent on when the run has no calls left', () => {
    expect(settle('k8s_get', '{}', 0)?.rejection?.code).toBe('CallLimitReached');
  });
});
