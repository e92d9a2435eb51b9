import { once } from 'node:events';
import { ensureFailure } from '@skyflo/contracts';
import { assertLease } from '../../src/index.ts';
import { openGateway } from '../support.ts';

/** Holds a lease until its signal aborts, then tries to write under it; prints what it sees. */
const { DATABASE_URL = '', LEASE_KEY = '', TTL_MS = '', REPLICA } = process.env;
const store = await openGateway(DATABASE_URL, {
  publish: () => Promise.resolve(),
  ...(REPLICA === undefined ? {} : { replica: REPLICA }),
});
const say = (line: string) => process.stdout.write(`${line}\n`);
await store.leases.hold(LEASE_KEY, { ttlMs: Number(TTL_MS) }, async (lease) => {
  say(`attempt ${lease.attempt}`);
  const stay = setInterval(() => undefined, 1_000);
  // Paused before it listens, it wakes with a signal that has fired already.
  const { signal } = lease;
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(stay);
  say('aborted');
  await store
    .transaction((tx) => assertLease(tx, lease))
    .then(
      () => say('wrote'),
      (error: unknown) => say(ensureFailure(error).code),
    );
});
await store.close();
