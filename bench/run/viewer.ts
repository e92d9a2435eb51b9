import type { Seen, SkyfloClient } from '@skyflo/testkit';

/** Somebody who looks at a conversation and notes when what arrived. */
export class Viewer {
  readonly #controller = new AbortController();
  readonly #listeners = new Set<(seen: Seen, atMs: number) => void>();
  readonly #broken = Promise.withResolvers<never>();
  readonly #ended: Promise<void>;

  constructor(client: SkyfloClient, conversationId: string) {
    this.#broken.promise.catch(() => undefined); // Whoever waits for an event hears of it.
    this.#ended = this.#watch(client, conversationId).catch(this.#broken.reject);
  }

  /** When the first event arrives for which this holds, on the clock of `performance.now()`. Rejects when the stream breaks. */
  until(holds: (seen: Seen) => boolean): Promise<number> {
    const seen = new Promise<number>((resolve) => {
      const listener = (seen: Seen, atMs: number) => {
        if (!holds(seen)) return;
        this.#listeners.delete(listener);
        resolve(atMs);
      };
      this.#listeners.add(listener);
    });
    return Promise.race([seen, this.#broken.promise]);
  }

  onEvent(listener: (seen: Seen, atMs: number) => void): void {
    this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    this.#controller.abort();
    await this.#ended;
  }

  async #watch(client: SkyfloClient, conversationId: string): Promise<void> {
    const { signal } = this.#controller;
    try {
      for await (const seen of client.connect(conversationId, { signal })) {
        const atMs = performance.now();
        for (const listener of this.#listeners) listener(seen, atMs);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
