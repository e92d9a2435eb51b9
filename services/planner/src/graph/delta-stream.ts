type Kind = 'text' | 'thinking';
type Delta = { readonly kind: Kind; readonly offset: number; readonly text: string };

/**
 * How long pieces are gathered while so many answers stream at once: 30 ms looks like typing, and beyond 15 streams each gets
 * its turn a little later, so that a crowd costs this process, the bus and every viewer about the same per second.
 */
export function pauseFor(streams: number): number {
  return Math.min(120, Math.max(30, streams * 2));
}

/** All streams leave on the same beat: what is published in one turn of the event loop goes to the bus in one write. */
function untilNextBeat(everyMs: number): number {
  return everyMs - (performance.now() % everyMs);
}

/**
 * Joins the model's pieces to fewer deltas: the first leaves at once, what comes until the next beat leaves together. A
 * message on the bus costs more than a token in the client.
 */
export class DeltaStream {
  readonly #send: (delta: Delta) => void;
  readonly #pauseMs: () => number;
  readonly #offsets: Record<Kind, number> = { text: 0, thinking: 0 };
  #pending: { kind: Kind; text: string } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (delta: Delta) => void, pauseMs: () => number) {
    this.#send = send;
    this.#pauseMs = pauseMs;
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
    }, untilNextBeat(this.#pauseMs()));
  }

  #leave(): void {
    if (!this.#pending) return;
    const { kind, text } = this.#pending;
    this.#pending = undefined;
    this.#send({ kind, text, offset: this.#offsets[kind] });
    this.#offsets[kind] += text.length;
  }
}
