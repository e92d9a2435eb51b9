import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import {
  type AnyEvent,
  canonicalJson,
  catalog,
  type Conversation,
  Envelope,
  entryOf,
  foldConversation,
  planDigest,
  subjectOf,
  ToolPlanned,
  toPublicView,
} from './index.ts';

const folder = new URL('../fixtures/', import.meta.url);
const fixtures = readdirSync(folder).map((file) => ({
  file,
  event: Envelope.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
}));

describe('golden fixtures', () => {
  it('hold every event type that is emitted', () => {
    const types = fixtures.map(({ event }) => event.type);
    expect(types).toEqual(expect.arrayContaining(catalog.map(({ event }) => event.type)));
  });

  it.each(fixtures)('$file is still understood, whole', ({ event }) => {
    const entry = entryOf(event.type);
    if (!entry) throw new Error(`${event.type} is not in the catalog`);
    expect(entry.from).toContain(event.source);
    const about = {
      ...(event.conversationid ? { conversationId: event.conversationid } : {}),
      ...(event.runid ? { runId: event.runid } : {}),
    };
    expect(event.subject).toBe(subjectOf(entry, about));
    expect(canonicalJson(entry.event.data.parse(event.data))).toBe(canonicalJson(event.data));
  });

  it.each(fixtures)('$file has a public view without signature, key and inner members', ({ event }) => {
    const view = toPublicView(event);
    expect(view).toBeDefined();
    expect(JSON.stringify(view)).not.toMatch(/"sig"|"kid"|"evidence"/);
  });

  it('fold into one conversation whose approval belongs to its plan', () => {
    const order = catalog.map(({ event }) => event.type as string);
    const events = fixtures
      .map(({ event }) => event as AnyEvent)
      .toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
    const state = events.reduce<Conversation | undefined>(
      (folded, event) => foldConversation(folded, event),
      undefined,
    );
    expect(state?.title).toBe('Checkout is slow');
    expect(state?.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    const plan = fixtures.map(({ event }) => event).find(({ type }) => type === ToolPlanned.type);
    const call = state?.runs[0]?.calls.find(({ tool }) => tool === 'k8s_scale');
    expect(call?.approval?.request.digest).toBe(planDigest(ToolPlanned.data.parse(plan?.data).plan));
  });
});
