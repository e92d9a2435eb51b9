import { Failure } from '@skyflo/contracts';
import type { Tx } from './tx.ts';

/** The leave to work on something now, held by one process at a time. */
export type Lease = {
  readonly key: string;
  /** Counts from 1; whoever holds a higher one has taken over. */
  readonly attempt: number;
  /** Aborted as soon as the lease is lost or released, or cannot be known to be held. */
  readonly signal: AbortSignal;
  /** Ends it, so that the next `acquire` succeeds at once. Releasing a lost or released lease does nothing. */
  release(): Promise<void>;
};

/**
 * Finds a row while the lease is held, and keeps anyone from taking it over until the transaction ends. For those who cannot
 * use `assertLease` because their driver begins its transactions itself. Renewals do not wait for it: with `for share`
 * overlapping transactions starved them (seen).
 */
export function heldLeaseQuery({ key, attempt }: Pick<Lease, 'key' | 'attempt'>): {
  text: string;
  values: [string, number];
} {
  const text = `select 1 from leases
    where key = $1 and attempt = $2 and holder is not null and expires_at > clock_timestamp() for key share`;
  return { text, values: [key, attempt] };
}

/**
 * Lets a transaction go on only while the lease is held: throws a retryable `LeaseLost` when it ran out, was released or taken
 * over, and else keeps anyone from taking it over until the transaction ends.
 */
export async function assertLease(tx: Tx, lease: Lease): Promise<void> {
  const { text, values } = heldLeaseQuery(lease);
  const rows = await tx.query(text, values);
  if (rows.length === 0) throw leaseLost(lease);
}

/** What assertLease throws. */
export function leaseLost({ key, attempt }: { key: string; attempt: number }): Failure {
  return Failure.retryable('LeaseLost', `Attempt ${attempt} no longer holds ${key}.`);
}
