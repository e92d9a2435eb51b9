import type { Connection } from '#lib/stream/follow.ts';

const quietMs = 1000;
const backMs = 2000;

export type Strip = 'none' | 'reconnecting' | 'back' | 'offline';

/** How the stream of the page in view is doing, as people are told: breaks under a second are not worth a word. */
class ConnectionState {
  #strip = $state<Strip>('none');
  #since = $state(0);
  #caughtUp = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #broken = false;

  get strip(): Strip {
    return this.#strip;
  }

  /** When the connection broke. */
  get since(): number {
    return this.#since;
  }

  /** Events that arrived since the connection came back. */
  get caughtUp(): number {
    return this.#caughtUp;
  }

  get live(): boolean {
    return this.#strip === 'none' || this.#strip === 'back';
  }

  report(connection: Connection): void {
    if (connection === 'reconnecting') this.#breaks();
    if (connection === 'live') this.#returns();
  }

  countEvent(): void {
    if (this.#strip === 'back') this.#caughtUp += 1;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#broken = false;
    this.#strip = 'none';
  }

  #breaks(): void {
    if (this.#broken) {
      if (this.#strip !== 'none') this.#strip = navigator.onLine ? 'reconnecting' : 'offline';
      return;
    }
    this.#broken = true;
    this.#since = Date.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#strip = navigator.onLine ? 'reconnecting' : 'offline'), quietMs);
  }

  #returns(): void {
    if (!this.#broken) return;
    this.#broken = false;
    clearTimeout(this.#timer);
    if (this.#strip === 'none') return;
    this.#caughtUp = 0;
    this.#strip = 'back';
    this.#timer = setTimeout(() => (this.#strip = 'none'), backMs);
  }
}

export const connection = new ConnectionState();
