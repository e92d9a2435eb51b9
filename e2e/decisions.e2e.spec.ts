import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApprovalRequest, PersonNow } from '@skyflo/contracts';
import type { SkyfloClient } from '@skyflo/testkit';
import { aPerson, anAdmin, ready, writesOf } from './running.ts';

let admin: SkyfloClient;
let approvers: readonly [SkyfloClient, SkyfloClient];
beforeAll(async () => {
  await ready();
  admin = await anAdmin();
  approvers = await Promise.all([aPerson('approver'), aPerson('approver')]);
});

type Proposal = { readonly conversationId: string; readonly runId: string; readonly asked: ApprovalRequest };
const rounds = [1, 2, 3];

async function proposal(person = admin): Promise<Proposal> {
  const conversationId = await person.converse();
  const runId = await person.say(conversationId, 'restart web');
  const { event } = await person.until(conversationId, 'approval.requested', { runId });
  return { conversationId, runId, asked: event.data as unknown as ApprovalRequest };
}
const idOf = async (client: SkyfloClient) => (await client.call<PersonNow>('GET', '/auth/me')).body.id;
const detailOf = ({ body }: { body: object }) => (body as { detail?: string }).detail ?? '';

/** The names of what the gate said about the call: two at least, and whatever the stream holds until the run is over, too. */
async function said({ conversationId, runId, asked: { callId } }: Proposal): Promise<string[]> {
  const names: string[] = [];
  let over = false;
  for await (const { name, event } of admin.watch(conversationId, { signal: AbortSignal.timeout(60_000) })) {
    if (aboutDecisions.test(name) && isAbout(event, callId)) names.push(name);
    over ||= name === 'run.completed' && event.runid === runId;
    // Services publish on their own: the end of a run may be stored before what led to it.
    if (over && names.length >= 2) break;
  }
  return names;
}
const aboutDecisions = /^(approval\.(decided|withdrawn|expired)|gate\.(passed|refused))$/;

/** The reads that verify a write pass the gate too, or are refused once the run was stopped: calls of their own. */
function isAbout(event: { data: unknown }, callId: string): boolean {
  return (event.data as { callId?: string }).callId === callId;
}

describe('a decision over HTTP', () => {
  it.each(rounds)('is made by one of two who approve at once, and the other is told by whom (%i)', async () => {
    const made = await proposal();
    const { callId, digest, plan } = made.asked;
    const answers = await Promise.all(approvers.map((person) => person.decide(callId, 'approve', digest)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409]);
    const late = answers.find(({ status }) => status === 409);
    expect(late?.body.currentDigest).toBe(digest);
    expect(detailOf(late ?? { body: {} })).toMatch(/^person-\S+ approved this already\.$/);
    expect((await said(made)).toSorted()).toEqual(['approval.decided', 'gate.passed']);
    expect(writesOf(plan.grantId)).toHaveLength(1);
  });

  it.each(rounds)('is an approval or a refusal where both come at once (%i)', async () => {
    const made = await proposal();
    const { callId, digest, plan } = made.asked;
    const [one, two] = approvers;
    const [approval, refusal] = await Promise.all([
      one.decide(callId, 'approve', digest),
      two.decide(callId, 'refuse', digest),
    ]);
    const approved = approval.status === 202;
    expect([approval.status, refusal.status]).toEqual(approved ? [202, 409] : [409, 202]);
    expect((await said(made)).toSorted()).toEqual(['approval.decided', approved ? 'gate.passed' : 'gate.refused']);
    expect(writesOf(plan.grantId)).toHaveLength(approved ? 1 : 0);
  });

  it.each(rounds)('or a stop of the run, whichever comes first (%i)', async () => {
    const made = await proposal();
    const { callId, digest, plan } = made.asked;
    const [approval, stop] = await Promise.all([
      approvers[0].decide(callId, 'approve', digest),
      admin.call('POST', `/runs/${made.runId}/stop`),
    ]);
    expect(stop.status).toBe(202);
    expect([202, 409]).toContain(approval.status);
    const names = (await said(made)).toSorted();
    expect(names).toEqual(
      approval.status === 202 ? ['approval.decided', 'gate.passed'] : ['approval.withdrawn', 'gate.refused'],
    );
    // A stop that comes before the grant was claimed cancels it; what was sent is sent.
    expect(writesOf(plan.grantId).length).toBeLessThanOrEqual(approval.status === 202 ? 1 : 0);
  });

  it('counts once when the same person makes it ten times at once', async () => {
    const made = await proposal();
    const { callId, digest, plan } = made.asked;
    const answers = await Promise.all(Array.from({ length: 10 }, () => approvers[0].decide(callId, 'approve', digest)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect((await said(made)).toSorted()).toEqual(['approval.decided', 'gate.passed']);
    expect(writesOf(plan.grantId)).toHaveLength(1);
  });
});

describe('an admin who changes somebody', () => {
  it('takes a decision away from whoever lost the role or may no longer act', async () => {
    const made = await proposal();
    const { callId, digest, plan } = made.asked;
    const [demoted, gone] = await Promise.all([aPerson('approver'), aPerson('approver')]);
    expect((await admin.changePerson(await idOf(demoted), { roles: ['operator'] })).status).toBe(200);
    expect((await admin.changePerson(await idOf(gone), { active: false })).status).toBe(200);
    expect((await demoted.decide(callId, 'approve', digest)).status).toBe(403);
    expect((await gone.decide(callId, 'approve', digest)).status).toBe(401);
    expect((await admin.decide(callId, 'refuse', digest)).status).toBe(202);
    expect((await said(made)).toSorted()).toEqual(['approval.decided', 'gate.refused']);
    expect(writesOf(plan.grantId)).toEqual([]);
  });

  it.each(rounds)('at the moment of a decision is before it or after it (%i)', async () => {
    const made = await proposal();
    const { callId, digest, plan } = made.asked;
    const person = await aPerson('approver');
    const id = await idOf(person);
    const [decision] = await Promise.all([
      person.decide(callId, 'approve', digest),
      admin.changePerson(id, { roles: ['viewer'] }),
    ]);
    expect([202, 403]).toContain(decision.status);
    expect((await person.decide(callId, 'approve', digest)).status).toBe(403);
    if (decision.status === 403) expect((await admin.decide(callId, 'refuse', digest)).status).toBe(202);
    const approved = decision.status === 202;
    expect((await said(made)).toSorted()).toEqual(['approval.decided', approved ? 'gate.passed' : 'gate.refused']);
    expect(writesOf(plan.grantId)).toHaveLength(approved ? 1 : 0);
  });

  it('stops what somebody who may no longer act had asked for', async () => {
    const person = await aPerson('operator');
    const made = await proposal(person);
    const { callId, digest, plan } = made.asked;
    expect((await admin.changePerson(await idOf(person), { active: false })).status).toBe(200);
    expect((await said(made)).toSorted()).toEqual(['approval.withdrawn', 'gate.refused']);
    expect((await admin.decide(callId, 'approve', digest)).status).toBe(409);
    expect(writesOf(plan.grantId)).toEqual([]);
    const { runs } = await admin.conversation(made.conversationId);
    expect(runs[0]?.stopRequested).toBe(true);
  });
});
