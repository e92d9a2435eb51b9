import { randomBytes } from 'node:crypto';

/** Version 00 of the W3C Trace Context header: trace id, parent id, flags; ids of zeros only are invalid there. */
const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

export type TraceParts = { readonly traceId: string; readonly spanId: string; readonly flags: number };

/** Undefined for what is no traceparent: such a trace begins anew, as the specification has it. */
export function readTraceparent(text: string | undefined): TraceParts | undefined {
  const [, traceId, spanId, flags] = form.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}

export function toTraceparent({ traceId, spanId, flags }: TraceParts): string {
  return `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`;
}

/** A trace that nobody records: its id still ties log lines and events together. */
export function newTraceparent(): string {
  return toTraceparent({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), flags: 0 });
}
