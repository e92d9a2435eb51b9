type Kind = 'text' | 'thinking';
type Delta = { readonly kind: Kind; readonly offset: number; readonly text: string };

/**
 * Joins the model's pieces to fewer deltas: the first leaves at once, what comes within `everyMs` of a delta leaves together.
 * A message on the bus costs more than a token in the client.
 */
export class DeltaStream {
  readonly #send: (delta: Delta) => void;
  readonly #everyMs: number;
  readonly #offsets: Record<Kind, number> = { text: 0, thinking: 0 };
  #pending: { kind: Kind; text: string } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (delta: Delta) => void, everyMs = 30) {
    this.#send = send;
    this.#everyMs = everyMs;
  }

  push(kind: Kind, text: string): void {
    if (this.#pending && this.#pending.kind !== kind) this.#leave();
    this.#pending = { kind, text: (this.#pending?.text ?? '') + text };
    if (this.#timer === undefined) this.#leaveAndWait();
  }

  /** Sends what is left; nothing leaves by itself afterwards. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leave();
  }

  #leaveAndWait(): void {
    this.#leave();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#pending) this.#leaveAndWait();
    }, this.#everyMs);
  }

  #leave(): void {
    if (!this.#pending) return;
    const { kind, text } = this.#pending;
    this.#pending = undefined;
    this.#send({ kind, text, offset: this.#offsets[kind] });
    this.#offsets[kind] += text.length;
  }
}
