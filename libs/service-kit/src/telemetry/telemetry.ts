import { AsyncLocalStorage } from 'node:async_hooks';
import { answerChannel, askChannel, type Handling, handleChannel } from '@skyflo/bus';
import type { ServiceName } from '@skyflo/contracts';
import { commitChannel, publishChannel } from '@skyflo/store';
import type { NextFunction, Request, Response } from 'express';
import { watchKube } from './kube.ts';
import { Metrics } from './metrics.ts';
import { type Spans, unrecordedSpans } from './spans.ts';
import { readTraceparent } from './traceparent.ts';
import { watch } from './watch.ts';

/** Spans are recorded where a collector is configured; only then is what records them loaded. */
export async function openTelemetry(service: ServiceName, otlpUrl: string | undefined): Promise<Telemetry> {
  if (otlpUrl === undefined) return new Telemetry(service, unrecordedSpans);
  const { openOtlpSpans } = await import('./otlp-spans.ts');
  return new Telemetry(service, openOtlpSpans(service, otlpUrl));
}

/**
 * What a service tells of itself: figures for `/metrics`, spans where a collector is configured, and the trace that the work
 * in hand belongs to, which goes with every event and question. All of it is read off the libs' diagnostics channels.
 */
export class Telemetry {
  readonly metrics: Metrics;
  readonly #spans: Spans;
  readonly #current = new AsyncLocalStorage<string | undefined>();
  readonly #unwatch: readonly (() => void)[];

  constructor(service: ServiceName, spans: Spans) {
    this.#spans = spans;
    this.metrics = new Metrics(service);
    this.#unwatch = this.#watchAll(service);
  }

  /** The W3C traceparent of the work in hand. */
  readonly traceparent = (): string | undefined => this.#current.getStore();

  /** What every line of the log carries. */
  readonly logPairs = (): Record<string, string> => {
    const traceId = readTraceparent(this.#current.getStore())?.traceId;
    return traceId === undefined ? {} : { traceId };
  };

  /** Every request is a span, the caller's trace its parent. An event stream stays open for hours, so it is not timed. */
  readonly http = (request: Request, response: Response, next: NextFunction): void => {
    const parent = readTraceparent(request.get('traceparent')) && request.get('traceparent');
    const span = this.#spans.open(`${request.method} ${request.path.split('/').slice(0, 4).join('/')}`, {
      kind: 'server',
      parent,
    });
    const startedAt = performance.now();
    response.once('close', () => {
      const { method } = request;
      const status = response.statusCode;
      const isStream = String(response.getHeader('content-type')).startsWith('text/event-stream');
      if (!isStream) this.metrics.requests.observe({ method, status }, (performance.now() - startedAt) / 1_000);
      span.end({ 'http.response.status_code': status }, status >= 500 ? `answered ${status}` : undefined);
    });
    this.#current.run(span.traceparent, next);
  };

  async close(): Promise<void> {
    for (const unwatch of this.#unwatch) unwatch();
    await this.#spans.close();
  }

  #watchAll(service: ServiceName): (() => void)[] {
    const { metrics } = this;
    const watching = { spans: this.#spans, current: this.#current };
    const isOurs = (context: { readonly service: ServiceName }) => context.service === service;
    const inItsSchema = (context: { readonly schema: string }) => context.schema === service;
    const parentOf = ({ traceparent }: Handling) => traceparent;
    const attributesOf = ({ id, runId }: Handling) => ({ 'skyflo.event': id, ...(runId && { 'skyflo.run': runId }) });
    return [
      watch(handleChannel, watching, {
        isOurs,
        parentOf,
        attributesOf,
        kind: 'consumer',
        nameOf: ({ type }) => `handle ${type}`,
        ended: ({ type }, { outcome, seconds }) => metrics.events.observe({ type, outcome }, seconds),
      }),
      watch(answerChannel, watching, {
        isOurs,
        parentOf,
        attributesOf,
        kind: 'server',
        nameOf: ({ type }) => `answer ${type}`,
        ended: ({ type }, { outcome, seconds }) => metrics.answers.observe({ type, outcome }, seconds),
      }),
      watch(askChannel, watching, {
        isOurs,
        kind: 'client',
        nameOf: ({ type }) => `ask ${type}`,
        ended: ({ type }, { outcome, seconds }) => metrics.asks.observe({ type, outcome }, seconds),
      }),
      watch(commitChannel, watching, {
        isOurs: inItsSchema,
        kind: 'client',
        nameOf: ({ name, events }) => `commit ${name ?? events.join(' ')}`.trimEnd(),
        ended: (_context, { outcome, seconds }) => metrics.commits.observe({ outcome }, seconds),
      }),
      watch(publishChannel, watching, {
        isOurs: inItsSchema,
        kind: 'producer',
        nameOf: () => 'publish',
        ended: ({ events }, { outcome, seconds }) => {
          metrics.publications.observe({ outcome }, seconds);
          if (outcome === 'ok') for (const type of events) metrics.published.inc({ type });
        },
      }),
      watchKube(watching, metrics),
    ];
  }
}
