import { ensureFailure } from '@skyflo/contracts';
import type { Seen } from '../domain/outcome.ts';
import type { ClusterClients, LedgerEntry } from '../domain/ports.ts';

/** The object of a ledger entry as it is now. */
export async function look({ request }: LedgerEntry, read: ClusterClients['read']): Promise<Seen> {
  const { namespace, name, ...path } = request.target;
  try {
    const type = await read.discovery.find(path);
    return { kind: 'object', object: await read.get(type, { namespace, name }) };
  } catch (error) {
    const failure = ensureFailure(error);
    return failure.code === 'NotFound' ? { kind: 'gone' } : { kind: 'unknown', why: failure.message };
  }
}
