import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApprovalRequest } from '@skyflo/contracts';
import type { Seen, SkyfloClient } from '@skyflo/testkit';
import { waitFor } from '../local/servers/index.ts';
import { anAdmin, deployment, kill, pidOf, ready, writesOf } from './running.ts';

let admin: SkyfloClient;
beforeAll(async () => {
  admin = await anAdmin();
});
afterEach(ready);

async function waiting(message: string): Promise<{ conversationId: string; runId: string; asked: ApprovalRequest }> {
  const conversationId = await admin.converse();
  const runId = await admin.say(conversationId, message);
  const { event } = await admin.until(conversationId, 'approval.requested', { runId });
  return { conversationId, runId, asked: event.data as unknown as ApprovalRequest };
}

/** The conversation once the record has caught up with the end of that run. */
async function recorded(conversationId: string, runId: string) {
  let view = await admin.conversation(conversationId);
  const ended = async () => {
    view = await admin.conversation(conversationId);
    return view.runs.some(({ id, status }) => id === runId && status === 'completed');
  };
  await waitFor(ended, { timeoutMs: 30_000, everyMs: 50, what: 'the record to catch up' });
  return view;
}

/** Decides as a person does who is told that a service did not answer: again. The same decision counts once. */
async function approve({ callId, digest }: ApprovalRequest): Promise<void> {
  const accepted = async () => {
    const { status } = await admin.decide(callId, 'approve', digest);
    if (status !== 202 && status !== 503) throw new Error(`decision: ${status}`);
    return status === 202;
  };
  await waitFor(accepted, { timeoutMs: 30_000, everyMs: 200, what: 'the decision to be taken' });
}

describe('kill -9 in the middle of an approved write', () => {
  it.each([
    ['planner', 'gate.passed'],
    ['planner', 'tool.started'],
    ['tool-runner', 'gate.passed'],
    ['tool-runner', 'tool.started'],
    ['gate', 'approval.decided'],
    ['persistence', 'tool.started'],
  ])('of the %s at %s: one write, and the run completes', async (service, moment) => {
    const before = (await deployment('checkout')).spec.replicas;
    const { conversationId, runId, asked } = await waiting(`scale checkout to ${before === 5 ? 2 : before + 1}`);
    const struck = admin.until(conversationId, moment, { runId }).then(() => kill(service));
    await approve(asked);
    await struck;
    const { event } = await admin.until(conversationId, 'run.completed', { runId });
    expect(event.data).toMatchObject({ status: 'completed' });
    expect(writesOf(asked.plan.grantId)).toHaveLength(1);
    expect((await deployment('checkout')).metadata.annotations?.['skyflo.ai/grant']).toBe(asked.plan.grantId);
  });
});

describe('the event stream', () => {
  it('resumes where a subscriber was, over a gateway restart, with no gap and no duplicate', async () => {
    const conversationId = await admin.converse();
    const signal = AbortSignal.timeout(60_000);
    const cutOff: Seen[] = [];
    const runId = await admin.say(conversationId, 'what is wrong in shop?');
    const gateway = await pidOf('gateway');
    let killed = false;
    for await (const seen of admin.watch(conversationId, { signal })) {
      cutOff.push(seen);
      if (!killed && seen.name === 'model.delta') {
        killed = true;
        await kill('gateway');
        await pidOf('gateway', gateway);
      }
      if (seen.name === 'run.completed' && seen.event.runid === runId) break;
    }
    const whole: Seen[] = [];
    for await (const seen of admin.watch(conversationId, { signal })) {
      whole.push(seen);
      if (seen.name === 'run.completed') break;
    }
    expect(killed).toBe(true);
    expect(cutOff.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);

    const middle = whole[Math.floor(whole.length / 2)];
    const rest: string[] = [];
    for await (const seen of admin.watch(conversationId, { after: middle?.id ?? '', signal })) {
      rest.push(seen.id);
      if (seen.name === 'run.completed') break;
    }
    expect(rest).toEqual(whole.slice(Math.floor(whole.length / 2) + 1).map(({ id }) => id));
  });

  it('continues from a snapshot’s cursor without gap or duplicate', async () => {
    const conversationId = await admin.converse();
    const first = await admin.say(conversationId, 'show pods in shop');
    await admin.until(conversationId, 'run.completed', { runId: first });
    const { cursor } = await recorded(conversationId, first);
    const second = await admin.say(conversationId, 'show services in shop');
    const seen: Seen[] = [];
    for await (const item of admin.watch(conversationId, { after: cursor, signal: AbortSignal.timeout(30_000) })) {
      seen.push(item);
      if (item.name === 'run.completed' && item.event.runid === second) break;
    }
    expect(seen.filter(({ name }) => name === 'run.requested').map(({ event }) => event.runid)).toEqual([second]);
  });
});
