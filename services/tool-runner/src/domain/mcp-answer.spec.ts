import { describe, expect, it } from '@jest/globals';
import { callIdOf, grantIdOf, newId } from '@skyflo/contracts';
import { toMcpAnswer } from './mcp-answer.ts';
import { runEndOf } from './run-end.ts';
import type { Ending } from './own-runs.ts';

const grantId = grantIdOf(callIdOf(newId(), 1, 0), 1);
const args = { kind: 'Deployment', name: 'web', namespace: 'shop', timeout_s: 30 };
const said = (ending: Ending) =>
  toMcpAnswer(ending)
    .content.map(({ text }) => text)
    .join('\n');

describe('the answer to a call over MCP', () => {
  it('is the text, with the checks that show whether a write took', () => {
    const ending: Ending = {
      outcome: 'finished',
      text: 'Done.',
      truncated: false,
      checks: [{ tool: 'k8s_rollout_status', args, expected: '3 of 3 pods ready' }],
      grantId,
    };
    expect(said(ending)).toBe(
      `Done.\nTo see whether it took (3 of 3 pods ready): k8s_rollout_status ${JSON.stringify(args)}`,
    );
    expect(toMcpAnswer(ending)).not.toHaveProperty('isError');
    expect(toMcpAnswer(ending).structuredContent).toMatchObject({ outcome: 'finished', grantId });
    expect(toMcpAnswer(ending).structuredContent).not.toHaveProperty('text');
    expect(runEndOf(ending)).toEqual({ status: 'completed' });
  });

  it('says where something was left out', () => {
    expect(said({ outcome: 'finished', text: 'a', truncated: true })).toContain('left out');
  });

  it('is an error with its hint where the tool failed', () => {
    const failure = { code: 'NotFound', message: 'There is no such pod.', hint: 'List the pods.' };
    expect(said({ outcome: 'failed', failure })).toBe('NotFound: There is no such pod. List the pods.');
    expect(runEndOf({ outcome: 'failed', failure })).toMatchObject({ status: 'failed', failure });
  });

  it.each([
    ['person', 'Do not try again', 'completed'],
    ['policy', 'changes nothing', 'completed'],
    ['expired', 'when somebody is there', 'completed'],
    ['withdrawn', 'if it is still wanted', 'stopped'],
  ] as const)('says what to do after a no: %s', (why, words, status) => {
    const ending: Ending = { outcome: 'refused', why, message: 'Nothing was changed.' };
    expect(said(ending)).toMatch(new RegExp(`^Nothing was changed\\. .*${words}`));
    expect(toMcpAnswer(ending)).toMatchObject({ isError: true, structuredContent: { why } });
    expect(runEndOf(ending)).toMatchObject({ status });
  });

  it('never lets the uncertain look done, or be tried again blindly', () => {
    const ending: Ending = {
      outcome: 'uncertain',
      sent: 'Scale web.',
      seen: 'Nothing answers.',
      next: 'Look.',
      grantId,
    };
    expect(said(ending)).toMatch(/^It is uncertain .*Scale web\. Nothing answers\. Look\. Do not call/);
    expect(toMcpAnswer(ending).isError).toBe(true);
    expect(runEndOf(ending)).toMatchObject({ status: 'failed' });
  });
});
