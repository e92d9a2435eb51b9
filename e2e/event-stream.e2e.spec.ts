import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Seen, SkyfloClient } from '@skyflo/testkit';
import { waitFor } from '../local/servers/index.ts';
import { anAdmin, kill, pidOf, ready } from './running.ts';

let admin: SkyfloClient;
beforeAll(async () => {
  admin = await anAdmin();
});
afterEach(ready);

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
