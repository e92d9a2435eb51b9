import type { Call } from './ports.ts';

/** Tells whoever looks how far a write has come. Nobody depends on it: what is lost is told again by the next line. */
export abstract class Progress {
  /** `n` grows within the call, across processes too. */
  abstract tell(call: Call, n: number, text: string): void;
}
