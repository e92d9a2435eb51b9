import type { AsyncLocalStorage } from 'node:async_hooks';
import type { TracingChannel } from 'node:diagnostics_channel';
import type { Outcome } from './metrics.ts';
import type { Attributes, OpenSpan, SpanKind, Spans } from './spans.ts';

export type Watched<C extends object> = {
  /** Several services may share a process in tests: each looks at its own. */
  readonly isOurs: (context: C) => boolean;
  readonly kind: SpanKind;
  readonly nameOf: (context: C) => string;
  readonly attributesOf?: (context: C) => Attributes;
  readonly ended: (context: C, how: { readonly outcome: Outcome; readonly seconds: number }) => void;
  /** For what comes in from outside: whose trace it belongs to. What it causes then belongs to it. */
  readonly parentOf?: (context: C) => string | undefined;
};

type Watching = { readonly spans: Spans; readonly current: AsyncLocalStorage<string | undefined> };
type Open = { readonly startedAt: number; readonly span: OpenSpan | undefined; error?: unknown };

/** Makes spans and figures of a channel until the returned function is called. */
export function watch<C extends object>(
  channel: TracingChannel<C, unknown>,
  { spans, current }: Watching,
  watched: Watched<C>,
): () => void {
  const open = new WeakMap<C, Open>();
  const { parentOf, kind } = watched;
  const begin = (context: C, parent: string | undefined, carries: boolean): OpenSpan | undefined => {
    const wanted = carries || (spans.recorded && parent !== undefined);
    const span = wanted ? spans.open(watched.nameOf(context), { kind, parent }) : undefined;
    open.set(context, { startedAt: performance.now(), span });
    return span;
  };
  const subscribers = {
    start(context: C) {
      if (!parentOf && watched.isOurs(context)) begin(context, current.getStore(), false);
    },
    error(context: C & { error: unknown }) {
      const one = open.get(context);
      if (one) one.error = context.error;
    },
    asyncEnd(context: C) {
      const one = open.get(context);
      if (!one) return;
      open.delete(context);
      const seconds = (performance.now() - one.startedAt) / 1_000;
      watched.ended(context, { outcome: one.error === undefined ? 'ok' : 'failed', seconds });
      one.span?.end(watched.attributesOf?.(context) ?? {}, one.error);
    },
  };
  if (parentOf)
    channel.start.bindStore(current, (context) =>
      watched.isOurs(context) ? begin(context, parentOf(context), true)?.traceparent : current.getStore(),
    );
  channel.subscribe(subscribers);
  return () => {
    channel.unsubscribe(subscribers);
    if (parentOf) channel.start.unbindStore(current);
  };
}
