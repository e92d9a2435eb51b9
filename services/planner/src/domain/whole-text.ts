import { wellFormed } from '@skyflo/contracts';

const half = /[\uD800-\uDBFF]$/;

/** Streamed text of which every piece is well formed: the first half of a character waits for its second one. */
export class WholeText {
  #held = '';

  push(piece: string): string {
    const text = this.#held + piece;
    this.#held = half.exec(text)?.[0] ?? '';
    return wellFormed(text.slice(0, text.length - this.#held.length));
  }

  /** What never became whole. */
  end(): string {
    const rest = wellFormed(this.#held);
    this.#held = '';
    return rest;
  }
}
