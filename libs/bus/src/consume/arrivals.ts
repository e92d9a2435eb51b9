import { Failure } from '@skyflo/contracts';

/** A delivered message as far as order is concerned; the shape of JetStream's own. */
export type Arrival = {
  readonly seq: number;
  readonly info: { readonly deliverySequence: number };
  working(): void;
};

/** The messages of one session in the order of the stream, from their arrival until they are committed. */
export class Arrivals<M extends Arrival> {
  #waiting: M[] = [];
  #committing: readonly M[] = [];
  #lastDelivery = 0;
  #lastSequence = 0;
  #failure: Failure | undefined;
  #ended = false;
  #wake: () => void = () => undefined;

  push(message: M): void {
    const { deliverySequence } = message.info;
    if (deliverySequence !== this.#lastDelivery + 1) {
      this.#failure ??= Failure.retryable(
        'DeliveryLost',
        `delivery ${deliverySequence} came after ${this.#lastDelivery}`,
        { afterMs: 0 },
      );
      return this.end();
    }
    this.#lastDelivery = deliverySequence;
    // Delivered once more because we were slow: it is in hand or committed already.
    if (message.seq <= this.#lastSequence) return;
    this.#lastSequence = message.seq;
    this.#waiting.push(message);
    this.#wake();
  }

  /** What has arrived, `most` at a time; waits for the first. Empty when the session is over; throws when it lost something. */
  async next(most: number): Promise<readonly M[]> {
    while (this.#waiting.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.#failure) throw this.#failure;
    if (this.#ended) return [];
    this.#committing = this.#waiting.splice(0, most);
    return this.#committing;
  }

  committed(): void {
    this.#committing = [];
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  stayAlive(): void {
    for (const message of [...this.#committing, ...this.#waiting]) message.working();
  }
}
