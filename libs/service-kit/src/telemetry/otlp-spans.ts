import { ROOT_CONTEXT, SpanKind as OtelKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { ensureFailure } from '@skyflo/contracts';
import type { SpanKind, Spans } from './spans.ts';
import { readTraceparent, toTraceparent } from './traceparent.ts';

const kinds: Record<SpanKind, OtelKind> = {
  server: OtelKind.SERVER,
  consumer: OtelKind.CONSUMER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
  internal: OtelKind.INTERNAL,
};

/** Sends spans to a collector as OTLP over HTTP, in batches; `url` is the collector's, without `/v1/traces`. */
export function openOtlpSpans(service: string, url: string): Spans {
  const exporter = new OTLPTraceExporter({ url: `${url.replace(/\/$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'skyflo' }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('skyflo');
  return {
    recorded: true,
    open(name, { kind, parent }) {
      const from = readTraceparent(parent);
      const context = from
        ? trace.setSpanContext(ROOT_CONTEXT, {
            traceId: from.traceId,
            spanId: from.spanId,
            // A trace that began where nobody recorded is recorded from here on.
            traceFlags: 1,
            isRemote: true,
          })
        : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: kinds[kind] }, context);
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: toTraceparent({ traceId, spanId, flags: traceFlags }),
        end(attributes, error) {
          span.setAttributes(attributes);
          if (error !== undefined)
            span.setStatus({
              code: SpanStatusCode.ERROR,
              message: ensureFailure(error).message,
            });
          span.end();
        },
      };
    },
    close: () => provider.shutdown(),
  };
}
