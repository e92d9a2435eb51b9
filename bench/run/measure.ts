import type { ApprovalRequest } from '@skyflo/contracts';
import type { Seen, SkyfloClient } from '@skyflo/testkit';
import { sum } from '../processes.ts';
import { model, streamedTokens } from './script.ts';
import { Viewer } from './viewer.ts';

const is = (name: string, runId: () => string | undefined) => (seen: Seen) =>
  seen.name === name && (runId() === undefined || seen.event.runid === runId());

/** When events arrived, in milliseconds after what set them off: where the time in between goes. */
export type Arrivals = Map<string, number[]>;

/** Notes when each event arrives, from `sentAt` on, until the viewer is closed; of several of one name each by its number. */
function noteArrivals(viewer: Viewer, arrivals: Arrivals, sentAt: number): void {
  const seen = new Map<string, number>();
  viewer.onEvent(({ name }, atMs) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const key = count === 1 ? name : `${name} (${count})`;
    arrivals.set(key, [...(arrivals.get(key) ?? []), atMs - sentAt]);
  });
}

/** From sending a message to the first event of that name, in milliseconds, each in a conversation that is being looked at. */
async function fromMessageTo(
  client: SkyfloClient,
  content: string,
  { name, times, arrivals }: { name: string; times: number; arrivals?: Arrivals },
): Promise<number[]> {
  const values: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const { viewer, conversationId } = await lookedAt(client);
    const arrived = viewer.until(is(name, () => undefined));
    const ended = viewer.until(is('run.completed', () => undefined));
    const sentAt = performance.now();
    if (arrivals) noteArrivals(viewer, arrivals, sentAt);
    await client.say(conversationId, content);
    values.push((await arrived) - sentAt);
    await ended;
    await viewer.close();
  }
  return values;
}

export const firstToken = (client: SkyfloClient, times: number) =>
  fromMessageTo(client, 'text', { name: 'model.delta', times });
export const readRound = (client: SkyfloClient, times: number, arrivals?: Arrivals) =>
  fromMessageTo(client, 'read', { name: 'run.completed', times, ...(arrivals && { arrivals }) });
export const fiveReads = (client: SkyfloClient, times: number) =>
  fromMessageTo(client, 'reads', { name: 'run.completed', times });

/** The model's own first token, asked for without us. */
export async function modelFirstToken(url: string, times: number): Promise<number[]> {
  const values: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const sentAt = performance.now();
    const response = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'text' }] }),
    });
    if (!response.body) throw new Error(`the model answered ${response.status}`);
    let arrivedAt: number | undefined;
    for await (const chunk of response.body)
      if (arrivedAt === undefined && Buffer.from(chunk).includes('word0')) arrivedAt = performance.now();
    values.push((arrivedAt ?? Number.NaN) - sentAt);
  }
  return values;
}

/** Alternating, also from the warm-up to the measurement: what is so already would need no plan. */
let replicas = 2;

/** From the decision to the end of the write, on the real API server. */
export async function approveToFinished(client: SkyfloClient, times: number, arrivals?: Arrivals): Promise<number[]> {
  const values: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const { viewer, conversationId } = await lookedAt(client);
    let asked: ApprovalRequest | undefined;
    const waiting = viewer.until(({ name, event }) => {
      if (name === 'approval.requested') asked = event.data as unknown as ApprovalRequest;
      return name === 'approval.requested';
    });
    const finished = viewer.until(
      ({ name, event }) => name === 'tool.finished' && event.data['callId'] === asked?.callId,
    );
    const ended = viewer.until(is('run.completed', () => undefined));
    replicas = replicas === 3 ? 2 : 3;
    await client.say(conversationId, `scale to ${replicas}`);
    await Promise.race([waiting, ended]);
    if (!asked) throw new Error('the run ended without a plan to approve');
    const sentAt = performance.now();
    if (arrivals) noteArrivals(viewer, arrivals, sentAt);
    const { status } = await client.decide(asked.callId, 'approve', asked.digest);
    if (status !== 202) throw new Error(`the decision was answered with ${status}`);
    values.push((await finished) - sentAt);
    await ended;
    await viewer.close();
  }
  return values;
}

export type Streaming = { readonly tokensPerSecond: number; readonly tokens: number };

/** Many conversations whose answers are streamed at once: tokens that arrived, from the first message to the last token. */
export async function streamAtOnce(client: SkyfloClient, conversations: number): Promise<Streaming> {
  const looked = await Promise.all(Array.from({ length: conversations }, () => lookedAt(client)));
  const arrived = looked.map(() => 0);
  let lastAt = 0;
  looked.forEach(({ viewer }, n) =>
    viewer.onEvent(({ name, event }, atMs) => {
      if (name !== 'model.delta' || event.data['kind'] !== 'text') return;
      arrived[n] = (arrived[n] ?? 0) + String(event.data['text']).split(' ').length - 1;
      lastAt = atMs;
    }),
  );
  const ended = looked.map(({ viewer }) => viewer.until(is('run.completed', () => undefined)));
  const startedAt = performance.now();
  await Promise.all(looked.map(({ conversationId }) => client.say(conversationId, 'stream')));
  await Promise.all(ended);
  await Promise.all(looked.map(({ viewer }) => viewer.close()));
  const tokens = sum(arrived);
  if (tokens !== conversations * streamedTokens)
    throw new Error(`${tokens} tokens arrived of ${conversations * streamedTokens}`);
  return { tokens, tokensPerSecond: tokens / ((lastAt - startedAt) / 1_000) };
}

async function lookedAt(client: SkyfloClient): Promise<{ conversationId: string; viewer: Viewer }> {
  const conversationId = await client.converse();
  const viewer = new Viewer(client, conversationId);
  await viewer.until(({ name }) => name === 'conversation.created');
  return { conversationId, viewer };
}
