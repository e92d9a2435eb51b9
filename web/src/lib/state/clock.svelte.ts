import { createSubscriber } from 'svelte/reactivity';

const tickMs = 1000;

/** Ticks once a second while something on screen reads it. */
class Clock {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, tickMs);
    return () => clearInterval(timer);
  });

  /** The present, in milliseconds; reading it in a component makes the component follow it. */
  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

export const clock = new Clock();
