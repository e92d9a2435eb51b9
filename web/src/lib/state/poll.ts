/**
 * Asks again and again until the signal is aborted: `everyMs` after each answer, not while the page is hidden. A failed
 * question is not reported; the next one follows all the same.
 */
export function poll(ask: (signal: AbortSignal) => Promise<unknown>, everyMs: () => number, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = async (): Promise<void> => {
    // What failed now is asked again soon; the asker's state keeps what it knew.
    if (!document.hidden) await ask(signal).catch(() => undefined);
    if (!signal.aborted) timer = setTimeout(() => void run(), everyMs());
  };
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  void run();
}
