import { describe, expect, it } from '@jest/globals';
import { argsDigest, callIdOf, GatePassed, grantIdOf, newId, PersonId, planDigest } from '@skyflo/contracts';
import { aPlan, aTarget } from '@skyflo/testkit/builders';
import { grantProblem } from './grant.ts';

const callId = callIdOf(newId(), 1, 0);
const args = { name: 'web', namespace: 'shop', replicas: 3 };
const object = aTarget({ name: 'web' });
const plan = aPlan(
  { tool: 'k8s_scale', argsDigest: argsDigest(args), grantId: grantIdOf(callId, 1) },
  { requests: [{ verb: 'patch', object, absent: false, bytesDigest: 'a'.repeat(64), options: {} }] },
);
const planned = { plan, planDigest: planDigest(plan) };
const grant = {
  grantId: plan.grantId,
  planDigest: planned.planDigest,
  targets: [{ verb: 'patch', object }],
  approvers: [{ id: PersonId.parse(newId()), email: 'jonas@example.org' }],
};
const write = { tool: 'k8s_scale', args, class: 'write' };
const now = new Date('2026-11-24T10:00:00Z');

/** What the gate says, in order but for `over`; `grant: undefined` leaves the grant out. */
function passed(over: object = {}): GatePassed['data'] {
  return GatePassed.data.parse({
    callId,
    tool: 'k8s_scale',
    class: 'write',
    argsDigest: argsDigest(args),
    cluster: 'sandbox',
    expiresAt: '2026-11-24T10:02:00Z',
    policy: 'writesNeedAnApprover',
    grant,
    ...over,
  });
}

const problem = (over: object, ledger: object = {}) =>
  grantProblem(passed(over), write, { planned, now, ...ledger })?.code;

describe('the leave of the gate', () => {
  it('is in order for exactly what was planned', () => {
    expect(problem({})).toBeUndefined();
  });

  it.each<[string, string, object]>([
    ['is for another tool', 'GrantMismatch', { tool: 'k8s_rollout_restart' }],
    ['is for other arguments', 'GrantMismatch', { argsDigest: argsDigest({ ...args, replicas: 30 }) }],
    ['is for a read', 'GrantMismatch', { class: 'read' }],
    ['ran out this very moment', 'GrantExpired', { expiresAt: now.toISOString() }],
    ['comes without a grant', 'GrantMissing', { grant: undefined }],
    ['is of another call', 'GrantMismatch', { grant: { ...grant, grantId: grantIdOf(callIdOf(newId(), 1, 0), 1) } }],
    ['is for another plan', 'GrantMismatch', { grant: { ...grant, planDigest: 'f'.repeat(64) } }],
    ['is for another cluster', 'GrantMismatch', { cluster: 'production' }],
    [
      'names another object',
      'GrantMismatch',
      { grant: { ...grant, targets: [{ verb: 'patch', object: { ...object, uid: 'u2' } }] } },
    ],
    [
      'names one object more',
      'GrantMismatch',
      { grant: { ...grant, targets: [...grant.targets, { verb: 'delete', object }] } },
    ],
  ])('is not enough when it %s', (_what, code, over) => {
    expect(problem(over)).toBe(code);
  });

  it('is not enough when nothing was planned under it', () => {
    expect(problem({}, { planned: undefined })).toBe('GrantMismatch');
  });

  it('needs no grant for a read', () => {
    const asked = { tool: 'k8s_get', args, class: 'read' };
    const leave = passed({ tool: 'k8s_get', class: 'read', grant: undefined });
    expect(grantProblem(leave, asked, { planned: undefined, now })).toBeUndefined();
  });

  it('says in every refusal that nothing was done', () => {
    expect(grantProblem(passed({ grant: undefined }), write, { planned, now })?.message).toBe(
      'A write needs a grant, and the gate gave none. Nothing was done.',
    );
  });
});
