import { pino } from 'pino';
import type { DestinationStream, Logger as Pino } from 'pino';
import { toErrorRecord } from './error-record.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];
export type Pairs = Readonly<Record<string, unknown>>;

export type LoggerOptions = {
  readonly service: string;
  readonly level: LogLevel;
  /** Default: stdout. */
  readonly destination?: DestinationStream;
  /** Asked at every line for what it is about. */
  readonly pairs?: () => Pairs;
};

/** The last resort: nothing secret should be handed to a logger in the first place. */
const secretKeys = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'authorization',
  'cookie',
  'seed',
  'signingKey',
];

/**
 * One JSON object per line: a constant message, pairs for the rest, the same key for the same thing everywhere. An error goes
 * under `error`; it is logged once, where it is handled.
 */
export class Logger {
  readonly #pino: Pino;

  /** @internal Use `createLogger`, or `child` of the one that is injected. */
  constructor(inner: Pino) {
    this.#pino = inner;
  }

  debug(message: string, pairs: Pairs = {}): void {
    this.#pino.debug(pairs, message);
  }

  info(message: string, pairs: Pairs = {}): void {
    this.#pino.info(pairs, message);
  }

  warn(message: string, pairs: Pairs = {}): void {
    this.#pino.warn(pairs, message);
  }

  error(message: string, pairs: Pairs = {}): void {
    this.#pino.error(pairs, message);
  }

  /** A logger that adds `pairs` to every line. */
  child(pairs: Pairs): Logger {
    return new Logger(this.#pino.child(pairs));
  }
}

export function createLogger({ service, level, destination, pairs }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: toErrorRecord },
    ...(pairs && { mixin: () => ({ ...pairs() }) }),
    redact: secretKeys.flatMap((key) => [key, `*.${key}`]),
  };
  return new Logger(destination ? pino(options, destination) : pino(options));
}
