/** How much may be in hand at once. */
export class Slots {
  readonly limit: number;
  #taken = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  get free(): number {
    return Math.max(0, this.limit - this.#taken);
  }

  /** Never waits: what has arrived is taken, even where a reconnect made the server send more than was asked for. */
  take(): void {
    this.#taken += 1;
  }

  give(): void {
    this.#taken -= 1;
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.free >= count) resolve();
      return this.free < count;
    });
  }

  /** Resolves when `count` are free; at an abort too. */
  async untilFree(count: number, signal?: AbortSignal): Promise<void> {
    if (this.free >= count || signal?.aborted) return;
    let wake: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.push({ count, resolve });
      signal?.addEventListener('abort', wake);
    });
    signal?.removeEventListener('abort', wake);
  }

  async untilIdle(): Promise<void> {
    await this.untilFree(this.limit);
  }
}
