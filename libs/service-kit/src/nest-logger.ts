import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.ts';

/** What Nest says goes where everything goes. Its boot chatter, a line per route and provider, is for debugging. */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(textOf(message), { context: rest.at(-1) });
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(textOf(message), { context: rest.at(-1) });
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(textOf(message), { context: rest.at(-1) });
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#logger.warn(textOf(message), { context: rest.at(-1) });
  }

  /** Called with an error, or with a message and its stack; the class it comes from is last. */
  error(message: unknown, ...rest: unknown[]): void {
    const error = message instanceof Error ? message : rest.find((one) => one instanceof Error);
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    this.#logger.error(textOf(message), {
      context: rest.at(-1),
      ...(error === undefined ? {} : { error }),
      ...(stack === undefined ? {} : { stack }),
    });
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : JSON.stringify(message);
}
