import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { millis } from '@nats-io/nats-core';
import type { Connection } from '../connection/connection.ts';
import type { BusLogger } from '../logger.ts';
import type { ConsumerSpec } from '../topology/topology.ts';
import { defaultGraceMs, endsWithin, type Consumption } from './consumption.ts';
import { Slots } from './slots.ts';

export type PullOptions = {
  /** How many messages may be in hand at once in this process. */
  readonly concurrency: number;
  readonly logger: BusLogger;
};

const expiresMs = 30_000;
const afterErrorMs = 1_000;
const connectionWaitMs = 30_000;

/**
 * Takes messages from a durable consumer until it is stopped, and only as many as can be worked on at once: a message's ack
 * wait runs from its delivery, so one that lies in a buffer may be delivered to somebody else meanwhile. Those in hand are
 * kept alive by heartbeats. `handle` settles the message and never rejects.
 */
export class PullLoop implements Consumption {
  readonly #connection: Connection;
  readonly #spec: ConsumerSpec;
  readonly #options: PullOptions;
  readonly #handle: (message: JsMsg, signal: AbortSignal) => Promise<void>;
  readonly #slots: Slots;
  readonly #inHand = new Set<JsMsg>();
  readonly #stopping = new AbortController();
  readonly #giveUp = new AbortController();
  readonly #running: Promise<void>;
  #current: ConsumerMessages | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(
    connection: Connection,
    spec: ConsumerSpec,
    options: PullOptions & { readonly handle: (message: JsMsg, signal: AbortSignal) => Promise<void> },
  ) {
    this.#connection = connection;
    this.#spec = spec;
    this.#options = options;
    this.#handle = options.handle;
    this.#slots = new Slots(options.concurrency);
    this.#running = this.#run();
  }

  async stop({ graceMs = defaultGraceMs } = {}): Promise<void> {
    this.#stopping.abort();
    void this.#current?.close();
    await this.#running;
    const finished = await endsWithin(this.#slots.untilIdle(), graceMs);
    clearInterval(this.#heartbeat);
    if (finished) return;
    this.#giveUp.abort();
    this.#options.logger.warn('stopped with events in hand', {
      consumer: this.#spec.durable,
      events: this.#slots.limit - this.#slots.free,
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#consume(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#options.logger.warn('consumer does not deliver', {
          consumer: this.#spec.durable,
          error: error instanceof Error ? error.message : String(error),
        });
        // The stop wakes it; that the delay then rejects is the end of the loop, not an error.
        await delay(afterErrorMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #consume(signal: AbortSignal): Promise<void> {
    const { jsm, js } = this.#connection;
    await this.#connection.whenConnected(connectionWaitMs);
    const asked = jsm.consumers.info(this.#spec.stream, this.#spec.durable);
    const info = await this.#connection.whileConnected(asked);
    const consumer = js.consumers.getConsumerFromInfo(info);
    this.#heartbeat ??= setInterval(() => this.#stayAlive(), millis(info.config.ack_wait ?? 0) / 3);
    while (!signal.aborted) {
      await this.#slots.untilFree(Math.ceil(this.#slots.limit / 4), signal);
      if (!signal.aborted) await this.#fetch(consumer, signal);
    }
  }

  async #fetch(consumer: Consumer, signal: AbortSignal): Promise<void> {
    const messages = await consumer.fetch({ max_messages: this.#slots.free, expires: expiresMs, bind: true });
    this.#current = messages;
    if (signal.aborted) void messages.close();
    for await (const message of messages) {
      if (signal.aborted) message.nak();
      else void this.#take(message);
    }
  }

  async #take(message: JsMsg): Promise<void> {
    this.#slots.take();
    this.#inHand.add(message);
    try {
      await this.#handle(message, this.#giveUp.signal);
    } finally {
      this.#inHand.delete(message);
      this.#slots.give();
    }
  }

  #stayAlive(): void {
    for (const message of this.#inHand) message.working();
  }
}
