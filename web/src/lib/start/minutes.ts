/** `about 4 min`, `less than a minute`. */
export function minutesWords(minutes: number): string {
  return minutes < 1 ? 'less than a minute' : `about ${Math.ceil(minutes)} min`;
}

const visibleShare = 0.03;

/** How far something is of which only the time that is left is known: the longest that was ever left is the whole. */
export class Progress {
  #longest = 0;

  /** 0 to 1, never quite nothing. */
  share(minutesLeft = 0): number {
    this.#longest = Math.max(this.#longest, minutesLeft);
    return this.#longest === 0 ? visibleShare : Math.max(visibleShare, 1 - minutesLeft / this.#longest);
  }
}
