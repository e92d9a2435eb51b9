import type { Connection } from '#lib/stream/follow.ts';

const quietMs = 1000;
const backMs = 2000;

export type Strip = 'none' | 'reconnecting' | 'back' | 'offline';

/**
 * How the page in view is connected, as people are told: breaks under a second are not worth a word. A page with a stream
 * reports its stream; on the others the lists that are asked for again and again stand in for it.
 */
export class ConnectionState {
  #strip = $state<Strip>('none');
  #since = $state(0);
  #caughtUp = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #broken = false;
  #streams = 0;

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

  /** A page with a stream of its own begins; answers how it ends. */
  streamed(): () => void {
    this.#streams += 1;
    return () => {
      this.#streams -= 1;
      this.#clear();
    };
  }

  report(connection: Connection): void {
    if (connection === 'reconnecting') this.#breaks();
    if (connection === 'live') this.#returns();
  }

  /** What a list that was asked for tells about the connection. */
  reportAnswer(came: boolean): void {
    if (this.#streams === 0) this.report(came ? 'live' : 'reconnecting');
  }

  countEvent(): void {
    if (this.#strip === 'back') this.#caughtUp += 1;
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#broken = false;
    this.#strip = 'none';
  }

  #breaks(): void {
    if (this.#broken) {
      if (!this.live) this.#strip = wordFor();
      return;
    }
    this.#broken = true;
    this.#since = Date.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#strip = wordFor()), quietMs);
  }

  #returns(): void {
    if (!this.#broken) return;
    this.#broken = false;
    clearTimeout(this.#timer);
    if (this.live) {
      this.#strip = 'none';
      return;
    }
    this.#caughtUp = 0;
    this.#strip = 'back';
    this.#timer = setTimeout(() => (this.#strip = 'none'), backMs);
  }
}

function wordFor(): Strip {
  return navigator.onLine ? 'reconnecting' : 'offline';
}

export const connection = new ConnectionState();
