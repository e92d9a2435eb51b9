import type { Logger } from './logger.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;

/**
 * Ties a running service to its process: the first signal closes it and exits, the second exits at once. What nobody caught
 * leaves the process in a state nobody knows: it is logged and the process ends, for whoever supervises it to start again.
 */
export function tieToProcess(logger: Logger, close: () => Promise<void>): void {
  let closing = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (closing) process.exit(1);
    closing = true;
    logger.info('stopping', { signal });
    close().then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => die(logger, 'could not stop cleanly', error),
    );
  };
  for (const signal of signals) process.on(signal, onSignal);
}

/** From the very beginning, so that nothing is lost while the service boots. */
export function dieOfTheUnexpected(logger: Logger): void {
  process.on('uncaughtException', (error) => die(logger, 'uncaught exception', error));
  process.on('unhandledRejection', (error) => die(logger, 'unhandled rejection', error));
}

export function die(logger: Logger, message: string, error: unknown): never {
  logger.error(message, { error });
  process.exit(1);
}
