import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection, Status } from '@nats-io/nats-core';
import { Failure } from '@skyflo/contracts';
import type { BusLogger } from '../logger.ts';
import { connectAs, type ConnectAs } from './connect.ts';

export type ConnectionState = 'connected' | 'disconnected';

/** One connection for the life of the process. It reconnects for ever, and says whatever happens to it. */
export class Connection {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly #logger: BusLogger;
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  #state: ConnectionState = 'connected';

  private constructor(nc: NatsConnection, jsm: JetStreamManager, logger: BusLogger) {
    this.nc = nc;
    this.js = jetstream(nc);
    this.jsm = jsm;
    this.#logger = logger;
    void this.#watch();
  }

  static async open(options: ConnectAs, logger: BusLogger): Promise<Connection> {
    const nc = await connectAs(options);
    // Services may not ask for the account's state, which is what the check would do.
    return new Connection(nc, await jetstreamManager(nc, { checkAPI: false }), logger);
  }

  get connected(): boolean {
    return this.#state === 'connected' && !this.nc.isClosed();
  }

  /** Calls `listener` at every change; the result ends that. */
  onChange(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves as soon as there is a connection; after `timeoutMs` throws `BusDisconnected` (retryable). */
  async whenConnected(timeoutMs: number): Promise<void> {
    if (this.connected) return;
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        stop();
        settle();
      };
      const refuse = () =>
        reject(Failure.retryable('BusDisconnected', `no connection to NATS for ${timeoutMs / 1000} s`));
      const timer = setTimeout(() => end(refuse), timeoutMs);
      const stop = this.onChange((state) => state === 'connected' && end(resolve));
    });
  }

  /** What was asked over a connection that breaks is not answered: rejects then with `BusDisconnected`, rather than later. */
  async whileConnected<T>(work: Promise<T>): Promise<T> {
    let unwatch: () => void = () => undefined;
    const broken = new Promise<never>((_, reject) => {
      unwatch = this.onChange(() => reject(Failure.retryable('BusDisconnected', 'the connection to NATS broke')));
    });
    return Promise.race([work, broken]).finally(unwatch);
  }

  async close(): Promise<void> {
    if (this.nc.isClosed()) return;
    // What was written and not yet sent, acknowledgements above all. Without a connection it could only wait for ever.
    if (this.connected) await this.nc.flush().catch(() => undefined);
    await this.nc.close();
  }

  async #watch(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === 'disconnect') this.#become('disconnected');
      if (status.type === 'reconnect') this.#become('connected');
      this.#say(status);
    }
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  /** A publish that the server refuses throws nothing: it is seen here or nowhere. */
  #say(status: Status): void {
    switch (status.type) {
      case 'error':
        return this.#logger.error('nats refused something', { error: status.error.message });
      case 'disconnect':
      case 'staleConnection':
        return this.#logger.warn('nats connection lost', { reason: status.type });
      case 'reconnect':
        return this.#logger.info('nats connection is back', { server: status.server });
      case 'slowConsumer':
        return this.#logger.warn('nats subscription is slow', {
          subject: status.sub.getSubject(),
          pending: status.pending,
        });
      case 'reconnecting':
      case 'forceReconnect':
      case 'update':
      case 'ldm':
      case 'ping':
      case 'close':
        return this.#logger.debug('nats connection status', { status: status.type });
    }
  }
}
