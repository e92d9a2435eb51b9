/** At most so many at once; the rest wait in order. */
export class Lane {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#used >= this.#limit) await new Promise<void>((turn) => this.#waiting.push(turn));
    else this.#used += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The place is handed over, so nobody who comes now can take it first.
      if (next) next();
      else this.#used -= 1;
    }
  }
}
