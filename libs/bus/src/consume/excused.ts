/**
 * Deliveries of an event that ended in a retryable failure, as far as this process saw them: an outage must not use up the
 * tries of an error that is met after it. Another process does not know them and gives up earlier, never later.
 */
export class Excused {
  readonly #counts = new Map<number, number>();

  /** How many of these deliveries were tries. */
  triesOf({ seq, info }: { readonly seq: number; readonly info: { readonly deliveryCount: number } }): number {
    return info.deliveryCount - (this.#counts.get(seq) ?? 0);
  }

  add(seq: number): void {
    this.#counts.set(seq, (this.#counts.get(seq) ?? 0) + 1);
  }

  forget(seq: number): void {
    this.#counts.delete(seq);
  }
}
