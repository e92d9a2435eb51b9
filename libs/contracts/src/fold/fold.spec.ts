import { describe, expect, it } from '@jest/globals';
import type { AnyEvent } from '../catalog.ts';
import { newId } from '../ids.ts';
import { foldConversation } from './fold.ts';
import { queueOf } from './queue.ts';
import type { Conversation } from './state.ts';

const run = '01a20cb0-0000-7000-8000-0000000000a1';
const callId = `${run}.0.0`;
const mara = { id: 'p', email: 'mara@example.org', roles: ['operator'] };
let second = 0;
const anEvent = (type: AnyEvent['type'], data: unknown): AnyEvent =>
  ({
    id: newId(),
    type,
    time: new Date(Date.UTC(2026, 10, 24, 10, 0, second++)).toISOString(),
    conversationid: 'c',
    runid: run,
    data,
  }) as AnyEvent;
const fold = (...events: AnyEvent[]): Conversation | undefined =>
  events.reduce<Conversation | undefined>((state, event) => foldConversation(state, event), undefined);
const delta = (offset: number, text: string, over: object = {}) =>
  anEvent('model.delta.v1', { step: 0, attempt: 1, offset, kind: 'text', text, ...over });
const requested = anEvent('run.requested.v1', {
  messageId: 'm',
  content: 'scale checkout to 3\nplease',
  requestedBy: mara,
});
const started = anEvent('run.started.v1', { model: 'm' });
const toolRequested = anEvent('tool.requested.v1', {
  callId,
  tool: 'k8s_scale',
  args: { replicas: 3 },
  purpose: 'model',
  requestedBy: mara,
});
const waits = anEvent('approval.requested.v1', { callId, revision: 1, digest: 'd', plan: {} });

describe('the fold', () => {
  it('takes the title from the first line of the first message', () => {
    expect(fold(requested)?.title).toBe('scale checkout to 3');
  });

  it('moves a run from queued over working and waiting to its end', () => {
    const events = [
      requested,
      started,
      toolRequested,
      waits,
      anEvent('run.completed.v1', { status: 'stopped', reason: 'asked to' }),
    ];
    const statuses = events.map((_event, index) => fold(...events.slice(0, index + 1))?.runs[0]?.status);
    expect(statuses).toEqual(['queued', 'working', 'working', 'waiting', 'stopped']);
  });

  it('keeps the line of a write that tells furthest how far it is, in whatever order they come', () => {
    const progressed = (n: number, text: string) => anEvent('tool.progressed.v1', { callId, n, text });
    const state = fold(
      requested,
      started,
      toolRequested,
      progressed(900, '2 of 5 left'),
      progressed(300, '1 of 5 left'),
    );
    expect(state?.runs[0]?.calls[0]?.progress).toEqual({ n: 900, text: '2 of 5 left' });
  });

  it('shows a call over MCP, which has no model behind it, like any other', () => {
    const refused = anEvent('gate.refused.v1', { callId, why: 'person', message: 'No.' });
    const events = [requested, anEvent('run.started.v1', { model: 'none' }), toolRequested, waits, refused];
    const done = fold(...events, anEvent('run.completed.v1', { status: 'completed' }))?.runs[0];
    expect(events.map((_event, index) => fold(...events.slice(0, index + 1))?.runs[0]?.status).slice(1, 4)).toEqual([
      'working',
      'working',
      'waiting',
    ]);
    expect(done).toMatchObject({ status: 'completed', steps: [], calls: [{ status: 'refused', text: 'No.' }] });
  });

  it('grows text from deltas, cuts what overlaps and drops what leaves a hole', () => {
    expect(fold(requested, started, delta(0, 'Hel'), delta(2, 'llo'), delta(9, 'lost'))?.runs[0]?.steps[0]?.text).toBe(
      'Hello',
    );
  });

  it('keeps only the text of the highest attempt', () => {
    const state = fold(requested, delta(0, 'first'), delta(0, 'second', { attempt: 2 }), delta(5, ' late'));
    expect(state?.runs[0]?.steps[0]).toMatchObject({ attempt: 2, text: 'second' });
  });

  it('lets the completed answer stand against late deltas, and counts its usage once', () => {
    const usage = { promptTokens: 10, completionTokens: 5, cachedTokens: 0 };
    const completed = anEvent('model.completed.v1', {
      step: 0,
      attempt: 1,
      text: 'Whole.',
      thinking: '',
      calls: [],
      usage,
    });
    const state = fold(requested, delta(0, 'Wh'), completed, completed, delta(2, 'ole. More'));
    expect(state?.runs[0]?.steps[0]?.text).toBe('Whole.');
    expect(state?.runs[0]?.usage).toEqual(usage);
    expect(state?.messages).toHaveLength(2);
  });

  it('understands a call whose end arrives before its beginning', () => {
    const finished = anEvent('tool.finished.v1', { callId, text: 'ok', truncated: false, durationMs: 3 });
    expect(fold(requested, started, finished, toolRequested)?.runs[0]?.calls).toEqual([
      expect.objectContaining({ id: callId, tool: 'k8s_scale', status: 'finished', text: 'ok' }),
    ]);
  });

  it('never reopens a call or a run', () => {
    const refused = anEvent('gate.refused.v1', { callId, why: 'withdrawn', message: 'Nothing was changed.' });
    const ended = anEvent('run.completed.v1', { status: 'stopped' });
    const state = fold(
      requested,
      started,
      toolRequested,
      waits,
      refused,
      ended,
      waits,
      anEvent('run.completed.v1', { status: 'failed' }),
    );
    expect(state?.runs[0]).toMatchObject({ status: 'stopped', calls: [{ status: 'refused' }] });
  });

  it('returns the same object where an event changes nothing', () => {
    const state = fold(requested, started, delta(0, 'Hello'));
    expect(foldConversation(state, delta(0, 'Hel'))).toBe(state);
  });

  it('keeps what it shows when an event of a newer version passes', () => {
    const state = fold(requested, started);
    expect(foldConversation(state, anEvent('tool.invented.v9' as AnyEvent['type'], {}))).toEqual(state);
  });

  it('keeps queued runs in the order of their turns: moved up last, then requested first', () => {
    const of = (runid: string, event: AnyEvent) => ({ ...event, runid }) as AnyEvent;
    const asked = ['a', 'b', 'c', 'd'].map((id) =>
      of(id, anEvent('run.requested.v1', { messageId: id, content: id, requestedBy: mara })),
    );
    const movedUp = (id: string, at: string) => of(id, anEvent('run.moved-up.v1', { by: mara, at }));
    const [early, late] = ['2026-11-24T10:00:00.000Z', '2026-11-24T10:00:01.000Z'];
    const queued = (...events: AnyEvent[]) => {
      const conversation = fold(of('a', started), ...asked, ...events);
      return conversation && queueOf(conversation).map(({ id }) => id);
    };
    expect(queued()).toEqual(['b', 'c', 'd']);
    expect(queued(movedUp('d', early))).toEqual(['d', 'b', 'c']);
    expect(queued(movedUp('c', late), movedUp('d', early), movedUp('c', early))).toEqual(['c', 'd', 'b']);
    expect(queued(of('b', anEvent('run.completed.v1', { status: 'withdrawn' })))).toEqual(['c', 'd']);
    expect(queued(of('b', anEvent('run.stop-requested.v1', { by: mara })))).toEqual(['c', 'd']);
  });

  it('shows who withdrew a message, also when that is heard of first', () => {
    const by = { id: 'p', email: 'mara@example.org' };
    const withdrawn = anEvent('run.withdrawn.v1', { by });
    const over = anEvent('run.completed.v1', { status: 'withdrawn', reason: 'she withdrew it' });
    const shown = { status: 'withdrawn', reason: 'she withdrew it', withdrawnBy: by };
    expect(fold(requested, withdrawn, over)?.runs).toMatchObject([shown]);
    expect(fold(withdrawn, over, requested)?.runs).toMatchObject([shown]);
    expect(fold(over, requested, withdrawn)?.messages).toHaveLength(1);
  });
});
