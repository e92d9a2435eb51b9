import type { Envelope } from '@skyflo/contracts';

export type LiveEvent = { readonly event: Envelope; readonly sequence: number };

/**
 * What arrives live for one viewer while it replays or is busy. When it holds too much, or when something may have been
 * missed, it throws everything away and asks for a replay: the stream has it all.
 */
export class ViewerBuffer {
  readonly #capacity: number;
  #events: LiveEvent[] = [];
  #stale = false;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(event: LiveEvent): void {
    if (this.#stale) return;
    if (this.#events.length >= this.#capacity) return this.invalidate();
    this.#events.push(event);
    this.#wake();
  }

  invalidate(): void {
    this.#stale = true;
    this.#events = [];
    this.#wake();
  }

  /** From now on what arrives is kept again; a replay that begins after this leaves no gap. */
  restart(): void {
    this.#stale = false;
    this.#events = [];
  }

  /** Whatever is there, after waiting for something; undefined where a replay is needed, empty after the end. */
  async take(): Promise<readonly LiveEvent[] | undefined> {
    while (this.#events.length === 0 && !this.#stale && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.#ended) return [];
    if (this.#stale) return undefined;
    const taken = this.#events;
    this.#events = [];
    return taken;
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }
}
