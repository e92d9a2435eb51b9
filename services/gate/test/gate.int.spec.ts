import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FindApprovals, grantIdOf, RunStopRequested, ToolFailed } from '@skyflo/contracts';
import { aGate, jonas, mara, people, priya, type Gate } from './a-gate.ts';

let gate: Gate;
beforeAll(async () => {
  gate = await aGate({ GATE_APPROVAL_EXPIRES_SECONDS: '4' });
});
afterAll(() => gate.close());

const aRun = () => gate.aRun();

describe('the gate', () => {
  it('lets a read through at once, without a grant', async () => {
    const run = aRun();
    await run.request('k8s_read');
    const passed = await run.heard('gate.passed.v1');
    expect(passed).toMatchObject({ callId: run.callId, class: 'read', cluster: 'sandbox', policy: 'readsPass' });
    expect(passed.grant).toBeUndefined();
  });

  it('refuses a tool that nobody described', async () => {
    const run = aRun();
    await run.request('k8s_invented');
    expect(await run.heard('gate.refused.v1')).toMatchObject({ why: 'policy', policy: 'toolIsUnknown' });
  });

  it('has a write planned, asks a person, and gives the grant for exactly that plan', async () => {
    const run = aRun();
    const digest = await run.waiting();
    const request = await run.heard('approval.requested.v1');
    expect(request).toMatchObject({
      digest,
      needed: 1,
      notices: [{ code: 'UntrustedTextRead' }],
      requestedBy: { email: mara.email },
    });
    const { items } = await gate.gateway.bus.ask(FindApprovals, { status: 'pending' });
    expect(items.map(({ callId }) => callId)).toContain(run.callId);
    expect(await run.decide(jonas, 'approve', digest, 'fine')).toEqual({ outcome: 'accepted' });
    const passed = await run.heard('gate.passed.v1');
    expect(passed.grant).toMatchObject({
      grantId: grantIdOf(run.callId, 1),
      planDigest: digest,
      approvers: [{ email: jonas.email }],
    });
    const decided = await run.heard('approval.decided.v1');
    expect(decided).toMatchObject({
      by: { email: jonas.email },
      reason: 'fine',
      evidence: { source: 'gateway', type: 'decide-approval.v1' },
    });
  });

  it('tells each of those who decide at once the truth, and decides once', async () => {
    const run = aRun();
    const digest = await run.waiting();
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => run.decide(jonas, 'approve', digest)),
      ...Array.from({ length: 5 }, () => run.decide(priya, 'refuse', digest)),
    ]);
    const outcomes = answers.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'repeated')).toHaveLength(4);
    expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(5);
  });

  it('answers a decision about another digest with the current one and changes nothing', async () => {
    const run = aRun();
    const digest = await run.waiting();
    expect(await run.decide(jonas, 'approve', 'f'.repeat(64))).toMatchObject({
      outcome: 'conflict',
      currentDigest: digest,
    });
    expect(run.heard.types()).not.toContain('gate.passed.v1');
  });

  it('asks afresh whether the person may decide', async () => {
    const run = aRun();
    const digest = await run.waiting();
    people.set(priya.id, { ...priya, roles: ['operator'] });
    expect(await run.decide(priya, 'approve', digest)).toMatchObject({ outcome: 'forbidden' });
    people.set(priya.id, { ...priya });
  });

  it('closes the call when a person refuses, and says why', async () => {
    const run = aRun();
    const digest = await run.waiting();
    await run.decide(jonas, 'refuse', digest, 'Not during the sale.');
    expect(await run.heard('gate.refused.v1')).toMatchObject({
      why: 'person',
      reason: 'Not during the sale.',
      by: { email: jonas.email },
    });
  });

  it('closes what nobody decided in time', async () => {
    const run = aRun();
    const digest = await run.waiting();
    expect(await run.heard('gate.refused.v1')).toMatchObject({ why: 'expired' });
    expect(run.heard.types()).toContain('approval.expired.v1');
    expect(await run.decide(jonas, 'approve', digest)).toMatchObject({ outcome: 'expired' });
  });

  it('withdraws what waits when the run is stopped, and asks nobody afterwards', async () => {
    const run = aRun();
    const digest = await run.waiting();
    await gate.gateway.say(RunStopRequested, { ...run.at, data: { by: mara } });
    expect(await run.heard('gate.refused.v1')).toMatchObject({ why: 'withdrawn' });
    expect(await run.decide(jonas, 'approve', digest)).toMatchObject({ outcome: 'conflict' });
  });

  it('asks nobody about a plan that arrives while the run is being stopped', async () => {
    const run = aRun();
    await run.request('k8s_write');
    await run.heard('tool.plan-requested.v1');
    await gate.gateway.say(RunStopRequested, { ...run.at, data: { by: mara } });
    await run.plan();
    // The two events race; whichever comes first, nobody can let the call through any more.
    expect(await run.heard('gate.refused.v1')).toMatchObject({ why: 'withdrawn' });
    expect(
      (await gate.gateway.bus.ask(FindApprovals, { status: 'pending' })).items.map(({ callId }) => callId),
    ).not.toContain(run.callId);
  });

  it('refuses a plan that is about other arguments', async () => {
    const run = aRun();
    await run.request('k8s_write');
    await run.heard('tool.plan-requested.v1');
    await run.plan({ argsDigest: 'b'.repeat(64) });
    expect(await run.heard('gate.refused.v1')).toMatchObject({ why: 'policy', policy: 'planFitsItsCall' });
  });

  it('asks nobody about a call that could not be planned', async () => {
    const run = aRun();
    await run.request('k8s_write');
    await run.heard('tool.plan-requested.v1');
    await gate.runner.say(ToolFailed, {
      ...run.at,
      data: { callId: run.callId, failure: { code: 'AlreadySo', message: 'It is so.' }, durationMs: 1 },
    });
    await run.heard('tool.failed.v1');
    expect(run.heard.types()).not.toContain('approval.requested.v1');
  });
});
