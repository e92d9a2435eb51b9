import { describe, expect, it } from '@jest/globals';
import { CallId, type Plan, PersonId } from '@skyflo/contracts';
import { type Approval, type PersonNow, rule } from './approval.ts';

const now = new Date('2026-11-24T10:00:00Z');
const digest = 'a'.repeat(64);
const callId = CallId.parse('01a20cbd-1f57-707e-84df-90017c083f54.0.0');
const aPerson = (email: string, over: Partial<PersonNow> = {}): PersonNow => ({
  id: PersonId.parse(`01a20cbd-1f57-707e-84df-${Buffer.from(email).toString('hex').padEnd(12, '0').slice(0, 12)}`),
  email,
  roles: ['approver'],
  active: true,
  ...over,
});
const jonas = aPerson('jonas');
const mara = aPerson('mara', { roles: ['operator'] });
const anApproval = (over: Partial<Approval> = {}): Approval => ({
  callId,
  revision: 1,
  digest,
  plan: {} as Plan,
  state: 'open',
  needed: 1,
  expiresAt: new Date('2026-11-24T10:15:00Z'),
  decisions: [],
  ...over,
});
const decide = (
  over: Partial<Parameters<typeof rule>[0]> = {},
  decision: 'approve' | 'refuse' = 'approve',
  about = digest,
) =>
  rule({
    approval: anApproval(),
    asked: { callId, person: jonas, decision, digest: about },
    person: jonas,
    requester: mara,
    now,
    ...over,
  });

describe('a decision about an approval', () => {
  it('of one approver lets the change through', () => {
    expect(decide()).toEqual({ answer: { outcome: 'accepted' }, effect: 'approved' });
  });

  it('may come from whoever asked, if they are an approver', () => {
    expect(decide({ requester: jonas })).toMatchObject({ effect: 'approved' });
  });

  it('only counts towards the quorum while more are needed', () => {
    expect(decide({ approval: anApproval({ needed: 2 }) })).toMatchObject({ effect: 'recorded' });
  });

  it('is not taken from somebody whose role was taken away', () => {
    expect(decide({ person: { ...jonas, roles: ['operator'] } })).toMatchObject({ answer: { outcome: 'forbidden' } });
    expect(decide({ person: { ...jonas, active: false } })).toMatchObject({ answer: { outcome: 'forbidden' } });
    expect(decide({ person: undefined })).toMatchObject({ answer: { outcome: 'forbidden' } });
  });

  it('does not approve what somebody wants who may no longer ask', () => {
    expect(decide({ requester: { ...mara, active: false } })).toMatchObject({ answer: { outcome: 'forbidden' } });
    expect(decide({ requester: undefined }, 'refuse')).toMatchObject({ effect: 'refused' });
  });

  it('about another digest is a conflict that names the current one', () => {
    expect(decide({}, 'approve', 'b'.repeat(64))).toEqual({
      answer: expect.objectContaining({ outcome: 'conflict', currentDigest: digest }),
    });
  });

  it('repeated by the same person is the same decision', () => {
    const approval = anApproval({ state: 'approved', decisions: [{ person: jonas, decision: 'approve', digest }] });
    expect(decide({ approval })).toEqual({ answer: { outcome: 'repeated' } });
    expect(decide({ approval }, 'refuse')).toMatchObject({ answer: { outcome: 'conflict' } });
  });

  it('after the end of the time is expired, and closes what was still open', () => {
    expect(decide({ now: new Date('2026-11-24T10:15:00Z') })).toMatchObject({
      answer: { outcome: 'expired' },
      effect: 'expired',
    });
    expect(decide({ approval: anApproval({ state: 'expired' }) })).toEqual({
      answer: expect.objectContaining({ outcome: 'expired' }),
    });
  });

  it('about a call that waits for nobody is unknown', () => {
    expect(decide({ approval: undefined })).toMatchObject({ answer: { outcome: 'unknown' } });
  });
});
