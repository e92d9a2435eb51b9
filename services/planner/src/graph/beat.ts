/**
 * How long pieces are gathered while so many answers stream at once: 30 ms looks like typing, and beyond 15 streams each gets
 * its turn a little later, so that a crowd costs this process, the bus and every viewer about the same per second.
 */
export function pauseFor(streams: number): number {
  return Math.min(120, Math.max(30, streams * 2));
}

/**
 * The beat on which all streams leave. It is one timer: Node empties the queue of microtasks after every timer, and there the
 * bus writes out what it was given, so that timers of their own would be a write to the socket for every stream.
 */
export class Beat {
  readonly #everyMs: () => number;
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(everyMs: () => number) {
    this.#everyMs = everyMs;
  }

  /** Calls `act` once, at the next beat. */
  await(act: () => void): void {
    this.#waiting.add(act);
    this.#timer ??= setTimeout(() => this.#strike(), this.#everyMs());
  }

  /** `act` is not called any more. */
  leave(act: () => void): void {
    this.#waiting.delete(act);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Who waits anew while it strikes waits for the next one. */
  #strike(): void {
    this.#timer = undefined;
    const acts = [...this.#waiting];
    this.#waiting.clear();
    for (const act of acts) act();
  }
}
