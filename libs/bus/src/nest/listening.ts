import { entryOf, questionEntryOf, streams, type StreamName } from '@skyflo/contracts';

/** Handlers of other transports in the same application are not ours. */
export const jetStreamTransport: unique symbol = Symbol('skyflo-jetstream');

/** The pattern under which Nest keeps a handler. */
export const patternOf = {
  event: (type: string) => `event ${type}`,
  question: (name: string) => `question ${name}`,
  stream: (stream: StreamName) => `stream ${stream}`,
};

export type Listening =
  | { readonly kind: 'event'; readonly entry: NonNullable<ReturnType<typeof entryOf>> }
  | { readonly kind: 'question'; readonly entry: NonNullable<ReturnType<typeof questionEntryOf>> }
  | { readonly kind: 'stream'; readonly stream: StreamName };

/** What a pattern stands for; undefined for anything that was not made by `patternOf`. */
export function fromPattern(pattern: string): Listening | undefined {
  const [kind, name = ''] = pattern.split(' ');
  if (kind === 'event') {
    const entry = entryOf(name);
    return entry && { kind, entry };
  }
  if (kind === 'question') {
    const entry = questionEntryOf(name);
    return entry && { kind, entry };
  }
  const stream = streams.find((known) => known === name);
  return kind === 'stream' && stream ? { kind, stream } : undefined;
}
