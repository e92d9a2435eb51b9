/**
 * Jest ends at once when it is interrupted, without its teardown, and servers of ours are process groups of their own: this
 * ends them first. The signal it returns is aborted before `end` is called, so that a start under way gives up.
 */
export function onInterrupt(end: () => Promise<void>): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) return; // The terminal, npm and the bootstrap each pass it on.
    controller.abort();
    void end().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return controller.signal;
}
