import { headers } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { authenticateAs } from '@skyflo/bus';

export type Heard = { readonly subject: string; readonly text: string };
type Sending = { readonly reply?: string; readonly msgId?: string };

/** A bare connection that does what the bus never would, with the rights of whatever user it got hold of. */
export type Intruder = {
  /** What the server refused so far, in its words. */
  readonly refused: readonly string[];
  /** Everything that arrived at what it listens to. */
  readonly heard: readonly Heard[];
  send(subject: string, what: unknown, sending?: Sending): void;
  /** The first reply, or undefined where none comes in time. */
  ask(subject: string, what: unknown, timeoutMs?: number): Promise<string | undefined>;
  listen(subject: string, queue?: string): void;
  /** Resolves when the server has taken everything so far, and has said what of it it refuses. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

/** Connects with a seed, or with no credentials at all; rejects where the server does not let it in. */
export async function intrude({
  url,
  seed,
  inboxPrefix,
}: {
  url: string;
  seed?: string;
  inboxPrefix?: string;
}): Promise<Intruder> {
  const nc = await connect({
    servers: url,
    reconnect: false,
    ...(seed === undefined ? {} : { authenticator: authenticateAs(seed) }),
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
  });
  const refused: string[] = [];
  const heard: Heard[] = [];
  void (async () => {
    for await (const status of nc.status()) if (status.type === 'error') refused.push(status.error.message);
  })();
  return {
    refused,
    heard,
    send(subject, what, { reply, msgId } = {}) {
      const named = headers();
      if (msgId !== undefined) named.set('Nats-Msg-Id', msgId);
      nc.publish(subject, toText(what), { headers: named, ...(reply === undefined ? {} : { reply }) });
    },
    async ask(subject, what, timeoutMs = 2_000) {
      try {
        return (await nc.request(subject, toText(what), { timeout: timeoutMs })).string();
      } catch {
        return undefined; // Refused, or nobody answers: for who tries it is the same.
      }
    },
    listen(subject, queue) {
      nc.subscribe(subject, {
        ...(queue === undefined ? {} : { queue }),
        callback: (error, message) => {
          if (!error) heard.push({ subject: message.subject, text: message.string() });
        },
      });
    },
    async settled() {
      // What the server refuses it says before it answers the next ping.
      await nc.flush();
      await nc.flush();
    },
    close: () => nc.close(),
  };
}

function toText(what: unknown): string {
  return typeof what === 'string' ? what : JSON.stringify(what);
}
