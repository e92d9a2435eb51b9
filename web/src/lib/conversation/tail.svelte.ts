const nearPx = 80;
const abovePx = 16;
const belowPx = 56;

/**
 * Keeps a pane at the end of what is being written while the reader is there, and leaves it alone once they scrolled up.
 */
export class Tail {
  #atEnd = $state(true);
  #pane: HTMLElement | undefined;

  get atEnd(): boolean {
    return this.#atEnd;
  }

  readonly attach = (pane: HTMLElement): (() => void) => {
    this.#pane = pane;
    const content = pane.firstElementChild;
    let top = pane.scrollTop;
    const isNear = (): boolean => pane.scrollHeight - pane.scrollTop - pane.clientHeight < nearPx;
    const onScroll = (): void => {
      // What was written since the last scroll also lies below; only scrolling up leaves the end.
      if (isNear()) this.#atEnd = true;
      else if (pane.scrollTop < top) this.#atEnd = false;
      top = pane.scrollTop;
    };
    const follow = new ResizeObserver(() => {
      if (this.#atEnd) pane.scrollTop = pane.scrollHeight;
      else this.#atEnd = isNear();
    });
    if (content) follow.observe(content);
    follow.observe(pane);
    pane.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      follow.disconnect();
      pane.removeEventListener('scroll', onScroll);
    };
  };

  toEnd(): void {
    this.#atEnd = true;
    this.#pane?.scrollTo({ top: this.#pane.scrollHeight });
  }

  /** Brings what fits the selector into view: whole if the pane is high enough, else from its top. */
  show(selector: string): void {
    // A frame later: what steps aside for it has done so by then.
    requestAnimationFrame(() => {
      const pane = this.#pane;
      const shown = pane?.querySelector(selector)?.getBoundingClientRect();
      if (!pane || !shown) return;
      const scrolled = pane.scrollTop - pane.getBoundingClientRect().top;
      const fromTop = shown.top + scrolled - abovePx;
      const untilBottom = shown.bottom + scrolled + belowPx - pane.clientHeight;
      this.#atEnd = false;
      pane.scrollTo({ top: Math.min(fromTop, untilBottom) });
    });
  }
}
