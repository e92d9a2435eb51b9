import { tracingChannel } from 'node:diagnostics_channel';
import type { ServiceName } from '@skyflo/contracts';

export type Handling = {
  readonly service: ServiceName;
  /** The event's or question's type. */
  readonly type: string;
  readonly id: string;
  readonly runId?: string | undefined;
  readonly traceparent?: string | undefined;
};
export type Asking = { readonly service: ServiceName; readonly type: string };

/**
 * Diagnostics channels, for whoever watches this process: spans and metrics are made of them. An event is `handled` by the
 * service's own handler, a question is `answered`, another service is `asked`; `error` says that it threw.
 */
export const handleChannel = tracingChannel<Handling, unknown>('skyflo:bus.handle');
export const answerChannel = tracingChannel<Handling, unknown>('skyflo:bus.answer');
export const askChannel = tracingChannel<Asking>('skyflo:bus.ask');
