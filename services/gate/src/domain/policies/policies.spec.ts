import { describe, expect, it } from '@jest/globals';
import type { Person, ToolDescription } from '@skyflo/contracts';
import type { CallFacts } from '../verdict.ts';
import { judge } from './index.ts';

const operator = {
  id: '01a20cbd-1f57-707e-84df-90017c083f54',
  email: 'mara@example.org',
  roles: ['operator'],
} as Person;
const aTool = (toolClass: ToolDescription['class']): ToolDescription => ({
  name: 'k8s_scale',
  title: 'Scale',
  description: '',
  class: toolClass,
  inputSchema: {},
});
const aCall = (over: Partial<CallFacts> = {}): CallFacts => ({
  tool: 'k8s_scale',
  requestedBy: operator,
  cluster: 'sandbox',
  description: aTool('write'),
  clusters: [{ name: 'sandbox', state: 'ready', guardLevel: 1 }],
  ...over,
});

describe('the policy chain', () => {
  it('lets reads pass', () => {
    expect(judge(aCall({ description: aTool('read') }))).toEqual({ kind: 'pass', policy: 'readsPass' });
  });

  it('asks for an approver before a write', () => {
    expect(judge(aCall())).toMatchObject({ kind: 'require', approvals: 1 });
  });

  it('refuses a tool nobody described, whatever the request says', () => {
    expect(judge(aCall({ description: undefined }))).toMatchObject({ kind: 'refuse', policy: 'toolIsUnknown' });
  });

  it('refuses an unknown cluster and names those that are known', () => {
    expect(judge(aCall({ cluster: 'prod' }))).toMatchObject({
      kind: 'refuse',
      message: expect.stringContaining('sandbox'),
    });
  });

  it('lets somebody who may only look do that, and nothing else', () => {
    const requestedBy: Person = { ...operator, roles: ['viewer'] };
    expect(judge(aCall({ requestedBy, description: aTool('read') }))).toMatchObject({ kind: 'pass' });
    for (const toolClass of ['write', 'preview', 'connect'] as const)
      expect(judge(aCall({ requestedBy, description: aTool(toolClass) }))).toMatchObject({
        kind: 'refuse',
        policy: 'requesterMayNotAsk',
      });
  });

  it('keeps connections shut', () => {
    expect(judge(aCall({ description: aTool('connect') }))).toMatchObject({
      kind: 'refuse',
      policy: 'connectsWithoutLeave',
    });
  });
});
