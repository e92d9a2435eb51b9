import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApprovalRequest } from '@skyflo/contracts';
import { accessOf, loadKubeconfig, openPlanClient, openWriteClient } from '@skyflo/kube';
import { SkyfloClient } from '@skyflo/testkit';
import { aPerson, anAdmin, deployment, expired, runnerKubeconfig, url, writesOf } from './running.ts';

let admin: SkyfloClient;
beforeAll(async () => {
  admin = await anAdmin();
});

/** Asks for a change and waits for what a person is asked about. */
async function proposal(
  person: SkyfloClient,
  message: string,
): Promise<{ conversationId: string; runId: string; asked: ApprovalRequest }> {
  const conversationId = await person.converse();
  const runId = await person.say(conversationId, message);
  const { event } = await person.until(conversationId, 'approval.requested', { runId });
  return { conversationId, runId, asked: event.data as unknown as ApprovalRequest };
}

describe('the main job', () => {
  it('answers what is wrong from real reads', async () => {
    const conversationId = await admin.converse();
    const runId = await admin.say(conversationId, 'what is wrong in shop?');
    await admin.until(conversationId, 'run.completed', { runId });
    const { messages, runs, title } = await admin.conversation(conversationId);
    expect(title).toBe('what is wrong in shop?');
    expect(runs[0]).toMatchObject({ id: runId, status: 'completed' });
    expect(runs[0]?.calls.every(({ status }) => status === 'finished')).toBe(true);
    const answer = messages.at(-1)?.content ?? '';
    for (const trouble of ['payments', 'image', 'orders', 'DATABASE_URL', 'search', 'reviews', 'endpoints'])
      expect(answer).toContain(trouble);
  });

  it('changes what a person approved, once, and verifies it', async () => {
    const before = (await deployment('checkout')).spec.replicas;
    const { conversationId, runId, asked } = await proposal(admin, `scale checkout to ${before + 1}`);
    expect(asked.plan).toMatchObject({ tool: 'k8s_scale', guardLevel: 1 });
    expect((await admin.pending()).map(({ callId }) => callId)).toContain(asked.callId);
    const wrong = await admin.decide(asked.callId, 'approve', 'f'.repeat(64));
    expect([wrong.status, wrong.body.currentDigest]).toEqual([409, asked.digest]);
    expect((await deployment('checkout')).spec.replicas).toBe(before);

    expect((await admin.decide(asked.callId, 'approve', asked.digest)).status).toBe(202);
    await admin.until(conversationId, 'run.completed', { runId });
    const changed = await deployment('checkout');
    expect(changed.spec.replicas).toBe(before + 1);
    expect(changed.metadata.annotations?.['skyflo.ai/grant']).toBe(asked.plan.grantId);
    expect(writesOf(asked.plan.grantId)).toHaveLength(1);
    const run = (await admin.conversation(conversationId)).runs[0];
    expect(run).toMatchObject({ status: 'completed' });
    expect(run?.verifications.flatMap(({ checks }) => checks.map(({ holds }) => holds))).toEqual([true, true]);

    expect((await admin.decide(asked.callId, 'approve', asked.digest)).status).toBe(202);
    expect((await admin.decide(asked.callId, 'refuse', asked.digest)).status).toBe(409);
    expect(writesOf(asked.plan.grantId)).toHaveLength(1);
  });

  it('leaves the cluster alone when a person refuses, and tells the model', async () => {
    const before = (await deployment('catalog')).spec.replicas;
    const { conversationId, runId, asked } = await proposal(admin, `scale catalog to ${before + 2}`);
    expect((await admin.decide(asked.callId, 'refuse', asked.digest, 'Not during the sale.')).status).toBe(202);
    await admin.until(conversationId, 'run.completed', { runId });
    const { runs, messages } = await admin.conversation(conversationId);
    expect(runs[0]?.calls[0]).toMatchObject({
      status: 'refused',
      refusal: { why: 'person', reason: 'Not during the sale.' },
    });
    expect(messages.at(-1)?.content).toMatch(/refused/i);
    expect((await deployment('catalog')).spec.replicas).toBe(before);
    expect(writesOf(asked.plan.grantId)).toEqual([]);
  });

  it('withdraws what waits when the run is stopped', async () => {
    const { conversationId, runId, asked } = await proposal(admin, 'restart web');
    expect((await admin.call('POST', `/runs/${runId}/stop`)).status).toBe(202);
    const ended = await admin.until(conversationId, 'run.completed', { runId });
    expect(ended.event.data).toMatchObject({ status: 'stopped' });
    expect((await admin.decide(asked.callId, 'approve', asked.digest)).status).toBe(409);
    expect(writesOf(asked.plan.grantId)).toEqual([]);
  });

  it('lets viewers look and nothing more, and operators ask but not decide', async () => {
    const [viewer, operator] = await Promise.all([aPerson('viewer'), aPerson('operator')]);
    expect((await viewer.call('POST', '/conversations', { body: {} })).status).toBe(403);
    const { asked } = await proposal(operator, 'restart web');
    expect((await viewer.decide(asked.callId, 'approve', asked.digest)).status).toBe(403);
    expect((await operator.decide(asked.callId, 'approve', asked.digest)).status).toBe(403);
    expect((await admin.decide(asked.callId, 'refuse', asked.digest)).status).toBe(202);
  });
});

describe('the API server', () => {
  const restart = {
    verb: 'patch' as const,
    target: { group: 'apps', version: 'v1', resource: 'deployments', namespace: 'shop', name: 'web' },
    body: JSON.stringify([{ op: 'add', path: '/metadata/labels/tried', value: 'yes' }]),
    options: {},
  };

  it('refuses a write without a grant, and a real write of the plan identity', async () => {
    const kubeconfig = await loadKubeconfig(runnerKubeconfig);
    for (const [context, code] of [
      ['runner-write', 'SkyfloNoGrant'],
      ['runner-plan', 'SkyfloPlanOnly'],
    ] as const) {
      const client = openWriteClient(await accessOf(kubeconfig, context, { environment: {} }), {
        impersonateSelf: false,
      });
      const answer = await client.send(restart, { grantId: 'none' });
      await client.close();
      expect(answer.kind).toBe('refused');
      expect(JSON.stringify(answer.kind === 'refused' && answer.failure.message)).toContain(code);
    }
    const plan = openPlanClient(await accessOf(kubeconfig, 'runner-plan', { environment: {} }));
    expect((await plan.dryRun(restart)).kind).toBe('accepted');
    await plan.close();
    expect((await deployment('web')).metadata.labels?.['tried']).toBeUndefined();
  });
});

describe('bad input', () => {
  it.each([
    ['an empty message', { body: { content: '' } }, 422, '/content'],
    ['a blank message', { body: { content: '   ' } }, 422, '/content'],
    ['a message that is too long', { body: { content: 'x'.repeat(32_001) } }, 422, '/content'],
    ['no message', { body: {} }, 422, '/content'],
    ['1 MB', { body: { content: 'x'.repeat(1_000_000) } }, 413, undefined],
    ['invalid JSON', { raw: '{"content": ' }, 400, undefined],
  ])('%s is answered with a problem document', async (_what, asking, status, field) => {
    const conversationId = await admin.converse();
    const answer = await admin.call<{ status: number; errors?: { field: string }[] }>(
      'POST',
      `/conversations/${conversationId}/messages`,
      asking,
    );
    expect([answer.status, answer.body.status]).toEqual([status, status]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    if (field) expect(answer.body.errors?.map((error) => error.field)).toContain(field);
  });

  it('unknown and foreign conversations are not found, and tokens are needed', async () => {
    const operator = await aPerson('operator');
    const foreign = await admin.converse();
    for (const id of [foreign, '01a20cb0-0000-7000-8000-0000000000c1', 'nonsense']) {
      expect((await operator.call('GET', `/conversations/${id}`)).status).toBe(404);
      expect(
        (await operator.call('POST', `/conversations/${id}/messages`, { body: { content: 'hello' } })).status,
      ).toBe(404);
      expect((await operator.call('GET', `/conversations/${id}/events`)).status).toBe(404);
    }
    for (const token of [undefined, 'nonsense', expired(admin.token ?? '')]) {
      const { status, headers } = await admin.call('GET', '/conversations', { token });
      expect([status, headers.get('content-type')]).toEqual([401, expect.stringContaining('application/problem+json')]);
    }
    expect((await fetch(`${url}/api/v1/health/ready`)).status).toBe(200);
  });
});
