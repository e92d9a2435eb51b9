import { setTimeout as delay } from 'node:timers/promises';
import { type Authenticator, errors, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { Failure } from '@skyflo/contracts';
import { authenticateAs } from '../keys/nats-user.ts';

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
  const authenticator = authenticate(options.seed);
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    try {
      return await connectOnce(options, authenticator);
    } catch (error) {
      if (isRefusal(error))
        throw Failure.terminal('BusRefused', `the NATS server at ${options.servers} does not know this seed`, {
          cause: error,
        });
      if (Date.now() >= deadline)
        throw Failure.retryable('BusUnreachable', `no NATS server answers at ${options.servers}`, { cause: error });
      await delay(betweenTriesMs);
    }
  }
}

function authenticate(seed: string): Authenticator {
  try {
    return authenticateAs(seed);
  } catch (error) {
    throw Failure.terminal('BusRefused', error instanceof Error ? error.message : String(error));
  }
}

/** A server that waited too long for the proof calls that an error of authorization too: a process on a busy machine was slow. */
function isRefusal(error: unknown): boolean {
  return error instanceof errors.AuthorizationError && !/timeout/i.test(error.message);
}

function connectOnce(options: ConnectAs, authenticator: Authenticator): Promise<NatsConnection> {
  return connect({
    name: options.name,
    servers: options.servers.split(',').map((server) => server.trim()),
    authenticator,
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
