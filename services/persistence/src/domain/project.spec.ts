import { describe, expect, it } from '@jest/globals';
import type { Envelope } from '@skyflo/contracts';
import { project, sliceByConversation } from './project.ts';
import type { Recorded } from './ports.ts';

let streamSequence = 0;
const anEvent = (
  type: string,
  conversationid: string | undefined,
  runid: string | undefined,
  data: unknown,
): Recorded => ({
  streamSequence: ++streamSequence,
  event: { id: `${streamSequence}`, type, time: '2026-11-24T10:00:00.000Z', conversationid, runid, data } as Envelope,
});
const asked = (conversation: string, run: string) =>
  anEvent('run.requested.v1', conversation, run, {
    messageId: `m-${run}`,
    content: 'what is wrong in shop?',
    requestedBy: { id: 'p', email: 'mara@example.org', roles: ['operator'] },
  });

describe('the projection of a batch', () => {
  it('is made per conversation, in the order of the stream', () => {
    const batch = [asked('a', 'r1'), asked('b', 'r2'), anEvent('run.started.v1', 'a', 'r1', { model: 'm' })];
    expect(
      sliceByConversation(batch).map(({ conversationId, runIds, events }) => [conversationId, runIds, events.length]),
    ).toEqual([
      ['a', ['r1'], 2],
      ['b', ['r2'], 1],
    ]);
  });

  it('leaves out what belongs to no conversation', () => {
    expect(sliceByConversation([anEvent('person.created.v1', undefined, undefined, {})])).toEqual([]);
  });

  it('continues from the runs that were loaded', () => {
    const [first] = sliceByConversation([asked('a', 'r1')]);
    const [second] = sliceByConversation([anEvent('run.completed.v1', 'a', 'r1', { status: 'completed' })]);
    if (!first || !second) throw new Error('no slices');
    const after = project(project(undefined, first), second);
    expect(after).toMatchObject({ title: 'what is wrong in shop?', runs: [{ id: 'r1', status: 'completed' }] });
  });
});
