import type { Beat } from './beat.ts';

type Kind = 'text' | 'thinking';
type Delta = { readonly kind: Kind; readonly offset: number; readonly text: string };

/**
 * Joins the model's pieces to fewer deltas: the first leaves at once, what comes until the next beat leaves together. A
 * message on the bus costs more than a token in the client.
 */
export class DeltaStream {
  readonly #send: (delta: Delta) => void;
  readonly #beat: Beat;
  readonly #offsets: Record<Kind, number> = { text: 0, thinking: 0 };
  #pending: { kind: Kind; text: string } | undefined;
  #waiting = false;

  constructor(send: (delta: Delta) => void, beat: Beat) {
    this.#send = send;
    this.#beat = beat;
  }

  push(kind: Kind, text: string): void {
    if (this.#pending && this.#pending.kind !== kind) this.#leave();
    this.#pending = { kind, text: (this.#pending?.text ?? '') + text };
    if (!this.#waiting) this.#leaveAndWait();
  }

  /** Sends what is left; nothing leaves by itself afterwards. */
  end(): void {
    this.#beat.leave(this.#onBeat);
    this.#waiting = false;
    this.#leave();
  }

  readonly #onBeat = (): void => {
    this.#waiting = false;
    if (this.#pending) this.#leaveAndWait();
  };

  #leaveAndWait(): void {
    this.#leave();
    this.#waiting = true;
    this.#beat.await(this.#onBeat);
  }

  #leave(): void {
    if (!this.#pending) return;
    const { kind, text } = this.#pending;
    this.#pending = undefined;
    this.#send({ kind, text, offset: this.#offsets[kind] });
    this.#offsets[kind] += text.length;
  }
}
