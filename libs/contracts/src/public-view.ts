import { entryOf } from './catalog.ts';
import type { Envelope } from './envelope.ts';

/** An event without what must stay inside: no signature, no key id, no trace, no internal members. Still a CloudEvent. */
export type PublicEvent<Type extends string = string, Data = unknown> = Omit<
  Envelope<Type, Data>,
  'kid' | 'sig' | 'traceparent'
>;

/** The only form in which an event leaves the system: SSE, webhooks, exports. Undefined for types that are not in the catalog. */
export function toPublicView(event: Envelope): PublicEvent | undefined {
  const entry = entryOf(event.type);
  if (!entry) return undefined;
  const { kid: _kid, sig: _sig, traceparent: _traceparent, ...open } = event;
  if (entry.event.internal.length === 0 || typeof open.data !== 'object' || open.data === null) return open;
  const hidden = new Set(entry.event.internal);
  return { ...open, data: Object.fromEntries(Object.entries(open.data).filter(([key]) => !hidden.has(key))) };
}

/** The event's name as subscribers see it: `tool.finished` for `tool.finished.v1`. */
export function toEventName(type: string): string {
  return type.replace(/\.v\d+$/, '');
}
