/** One approved write, seen from outside, while something strikes: what has to hold whatever happens. */
import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ApprovalRequest } from '@skyflo/contracts';
import type { Seen, SkyfloClient } from '@skyflo/testkit';
import { waitFor } from '../../local/servers/index.ts';
import { deployment, writesOf } from '../running.ts';

const patienceMs = 110_000;
const closings = ['tool.finished', 'tool.failed', 'tool.cancelled', 'tool.uncertain', 'gate.refused'];

export type Trial = {
  readonly conversationId: string;
  readonly runId: string;
  readonly asked: ApprovalRequest;
  /** Everything that a subscriber saw who reconnects with the last id; resolves when the run has ended. */
  readonly seen: Promise<readonly Seen[]>;
};

/** Asks for another number of replicas and waits for the plan. */
export async function untilAsked(person: SkyfloClient, before: () => void = () => undefined): Promise<Trial> {
  const { replicas } = (await deployment('checkout')).spec;
  const conversationId = await person.converse();
  before();
  const runId = await sayOnce(person, conversationId, `scale checkout to ${replicas === 5 ? 2 : replicas + 1}`);
  const seen = watchRun(person, conversationId, runId);
  seen.catch(() => undefined); // Awaited at the end; a trial that fails earlier says its own reason.
  const { event } = await person.until(conversationId, 'approval.requested', { runId, timeoutMs: patienceMs });
  return { conversationId, runId, asked: event.data as unknown as ApprovalRequest, seen };
}

/** As the console does when something did not answer: sends it again, under the same key. */
export async function sayOnce(person: SkyfloClient, conversationId: string, content: string): Promise<string> {
  let runId: string | undefined;
  const key = randomUUID();
  await eventually('the message to be taken', async () => {
    runId = await person.say(conversationId, content, key);
    return true;
  });
  return runId ?? '';
}

/** Again until it is answered: the same decision counts once. */
export async function approve(person: SkyfloClient, { callId, digest }: ApprovalRequest): Promise<void> {
  await eventually('the decision to be taken', async () => {
    const { status } = await person.decide(callId, 'approve', digest);
    if (status !== 202 && status < 500) throw new TypeError(`decision: ${status}`);
    return status === 202;
  });
}

export async function watchRun(person: SkyfloClient, conversationId: string, runId: string): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for await (const one of person.watch(conversationId, { signal: AbortSignal.timeout(patienceMs) })) {
    seen.push(one);
    if (one.name === 'run.completed' && one.event.runid === runId) return seen;
  }
  throw new Error(`the run did not end; seen: ${seen.map(({ name }) => name).join(' ')}`);
}

/** Once per grant by the API server's own record, one end of the call, one end of the run, every event once. */
export async function expectOnce(person: SkyfloClient, { conversationId, runId, asked, seen }: Trial): Promise<void> {
  const events = await seen;
  const { grantId } = asked.plan;
  expect(writesOf(grantId)).toHaveLength(1);
  expect((await deployment('checkout')).metadata.annotations?.['skyflo.ai/grant']).toBe(grantId);
  const ends = events.filter(({ name, event }) => closings.includes(name) && event.data['callId'] === asked.callId);
  expect(ends.map(({ name }) => name)).toEqual(['tool.finished']);
  await expectWhole(person, { conversationId, runId, events, status: 'completed' });
}

/** The subscriber who was cut off saw what one sees who comes afterwards, and the record says the same. */
export async function expectWhole(
  person: SkyfloClient,
  {
    conversationId,
    runId,
    events,
    status,
  }: {
    readonly conversationId: string;
    readonly runId: string;
    readonly events: readonly Seen[];
    readonly status: string;
  },
): Promise<void> {
  const ids = events.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect((await watchRun(person, conversationId, runId)).map(({ id }) => id)).toEqual(ids);
  expect(events.filter(({ name }) => name === 'run.completed')).toHaveLength(1);
  expect(events.at(-1)?.event.data).toMatchObject({ status });
  await eventually('the record to say so too', async () =>
    (await person.conversation(conversationId)).runs.some((run) => run.id === runId && run.status === status),
  );
}

/** A connection that fails is tried again; an answer that is wrong is not. */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const tried = async () => {
    try {
      return await holds();
    } catch (error) {
      if (error instanceof TypeError && error.message !== 'fetch failed') throw error;
      return false;
    }
  };
  await waitFor(tried, { timeoutMs: 60_000, everyMs: 100, what });
}
