import { newTraceparent } from './traceparent.ts';

export type SpanKind = 'server' | 'consumer' | 'client' | 'producer' | 'internal';
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Something that is being done: its traceparent goes along with what it causes. */
export type OpenSpan = {
  readonly traceparent: string;
  end(attributes: Attributes, error: unknown): void;
};

/** Where spans go. */
export type Spans = {
  /** Whether anybody looks at them; else only the ones that carry a trace on are opened. */
  readonly recorded: boolean;
  open(name: string, options: { readonly kind: SpanKind; readonly parent: string | undefined }): OpenSpan;
  close(): Promise<void>;
};

/** Records nothing: a trace that came in goes on, and one begins where none did, so that log lines still belong together. */
export const unrecordedSpans: Spans = {
  recorded: false,
  open: (_name, { parent }) => ({ traceparent: parent ?? newTraceparent(), end: () => undefined }),
  close: () => Promise.resolve(),
};
