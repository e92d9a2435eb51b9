/**
 * Asks again and again until the signal is aborted: `everyMs` after each answer, not while the page is hidden. A failed
 * question is the asker's to report; the next one follows all the same.
 */
export function poll(ask: (signal: AbortSignal) => Promise<unknown>, everyMs: () => number, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = (): void => {
    if (!signal.aborted) timer = setTimeout(run, everyMs());
  };
  const run = (): void => {
    if (document.hidden) next();
    else void ask(signal).then(next, next);
  };
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  run();
}
