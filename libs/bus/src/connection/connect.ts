import { setTimeout as delay } from 'node:timers/promises';
import { errors, nkeyAuthenticator, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { Failure } from '@skyflo/contracts';

export type ConnectAs = {
  /** Shown in the server's log. */
  readonly name: string;
  /** One address or several, separated by commas. */
  readonly servers: string;
  readonly seed: string;
  /** How long to try before the first connection stands; afterwards it is retried for ever. */
  readonly timeoutMs: number;
  readonly inboxPrefix?: string;
};

const betweenTriesMs = 200;

/** Throws `BusUnreachable` (retryable) when no server answers in time, `BusRefused` (terminal) when one refuses the seed. */
export async function connectAs(options: ConnectAs): Promise<NatsConnection> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    try {
      return await connectOnce(options);
    } catch (error) {
      if (error instanceof errors.AuthorizationError)
        throw Failure.terminal('BusRefused', `the NATS server at ${options.servers} does not know this seed`, {
          cause: error,
        });
      if (Date.now() >= deadline)
        throw Failure.retryable('BusUnreachable', `no NATS server answers at ${options.servers}`, { cause: error });
      await delay(betweenTriesMs);
    }
  }
}

function connectOnce(options: ConnectAs): Promise<NatsConnection> {
  return connect({
    name: options.name,
    servers: options.servers.split(',').map((server) => server.trim()),
    authenticator: nkeyAuthenticator(new TextEncoder().encode(options.seed)),
    ...(options.inboxPrefix === undefined ? {} : { inboxPrefix: options.inboxPrefix }),
    maxReconnectAttempts: -1,
    // A server that is being set up anew refuses for a moment; giving up would need a restart of every service.
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => betweenTriesMs + Math.random() * betweenTriesMs,
    // A host that vanished without closing the connection is noticed within half a minute.
    pingInterval: 10_000,
    maxPingOut: 2,
    noAsyncTraces: true,
  });
}
