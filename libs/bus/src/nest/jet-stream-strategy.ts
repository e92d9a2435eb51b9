import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { assertNever, type AnswerOf, type QuestionDefinition, type StreamName } from '@skyflo/contracts';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Bus } from '../bus.ts';
import type { Consumption } from '../consume/consumption.ts';
import type { Bury } from '../consume/dead-letter.ts';
import type { Turn } from '../consume/record-stream.ts';
import { handlerProblems } from './check-handlers.ts';
import { fromPattern, jetStreamTransport } from './listening.ts';

export type StrategyOptions = {
  /** Which replica reads a stream for `@OnStream`; without it this process always does. */
  readonly turnOf?: (stream: StreamName) => Turn;
  /** Takes what no handler can handle as a dead letter. */
  readonly bury?: Bury;
  /** How often an unknown error of a handler is tried again; default 9, about a minute. */
  readonly maxTries?: number;
};

/**
 * The bus as a transport of Nest's: `app.connectMicroservice({ strategy: new JetStreamStrategy(bus) })`. Controllers listen
 * with `@OnEvent`, `@Answers` and `@OnStream`; pipes, guards and interceptors apply as to any other transport. What a
 * handler throws decides as it does in `Bus.consume`.
 *
 * Starting fails with one error that lists every handler that is missing or too many and everything the server lacks, before
 * the first event is taken. Closing stops the intake and waits for what is in hand; the bus stays its owner's to close.
 */
export class JetStreamStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = jetStreamTransport;
  /** A handler's error goes to the bus, which logs it and decides. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #bus: Bus;
  readonly #options: StrategyOptions;
  #consumptions: Consumption[] = [];

  constructor(bus: Bus, options: StrategyOptions = {}) {
    super();
    this.#bus = bus;
    this.#options = options;
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.#check();
      this.#consumptions = [...this.messageHandlers].map(([pattern, handler]) => this.#start(pattern, handler));
      callback();
    } catch (error) {
      callback(error);
    }
  }

  override async close(): Promise<void> {
    await Promise.all(this.#consumptions.map((consumption) => consumption.stop()));
    this.#consumptions = [];
  }

  /** The strategy emits nothing of its own; what happens to the connection is in the log. */
  override on(): void {
    return;
  }

  override unwrap<T>(): T {
    return this.#bus as T;
  }

  async #check(): Promise<void> {
    const found = new Map(
      [...this.messageHandlers].map(([pattern, handler]) => [pattern, { count: chained(handler) }]),
    );
    const problems = [...handlerProblems(this.#bus.service, found), ...(await this.#bus.missingTopology())];
    if (problems.length > 0)
      throw new Error(`${this.#bus.service} cannot listen:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }

  #start(pattern: string, handler: MessageHandler): Consumption {
    const listening = fromPattern(pattern);
    const { turnOf, bury, maxTries } = this.#options;
    switch (listening?.kind) {
      case 'event':
        return this.#bus.consume(
          listening.entry.event,
          async (event, context) => {
            await resultOf(handler, event, context);
          },
          { ...(bury ? { bury } : {}), ...(maxTries === undefined ? {} : { maxDeliveries: maxTries }) },
        );
      case 'question':
        return this.#bus.answer(
          listening.entry.question,
          (asked, context) =>
            // The bus checks it against the question's schema before it leaves.
            resultOf(handler, asked, context) as Promise<AnswerOf<QuestionDefinition>>,
        );
      case 'stream':
        return this.#bus.consumeStream(
          listening.stream,
          async (batch, context) => {
            await resultOf(handler, batch, context);
          },
          {
            ...(turnOf ? { turn: turnOf(listening.stream) } : {}),
            ...(bury ? { bury } : {}),
            ...(maxTries === undefined ? {} : { maxTries }),
          },
        );
      case undefined:
        throw new Error(`a handler for ${pattern}, which is nothing in the catalog`);
      default:
        return assertNever(listening);
    }
  }
}

/** Nest answers with a value, or with an observable where interceptors or filters took part. */
async function resultOf(handler: MessageHandler, data: unknown, context: unknown): Promise<unknown> {
  const result: unknown = await handler(data, context);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

function chained(handler: MessageHandler): number {
  let count = 1;
  for (let next = handler.next; next !== undefined; next = (next as MessageHandler).next) count += 1;
  return count;
}
