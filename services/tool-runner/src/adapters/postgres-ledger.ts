import { Injectable } from '@nestjs/common';
import type { CheckRequest, Plan } from '@skyflo/contracts';
import type { WriteRequest } from '@skyflo/kube';
import { Store, type Tx } from '@skyflo/store';
import { Evictions } from '../domain/drain/evictions.ts';
import type { WriteAhead } from '../domain/outcome.ts';
import { Ledger, type LedgerEntry, type LedgerState, type NewLedgerEntry } from '../domain/ports.ts';

type Row = {
  grant_id: string;
  call_id: string;
  state: LedgerState;
  plan: Plan;
  plan_digest: string;
  request: Omit<WriteRequest, 'body'>;
  body: string;
  context_digest: string;
  checks: CheckRequest[];
  write_ahead: WriteAhead | null;
  sends: number;
  last_sent_at: Date | null;
};

/** The transitions are conditions of the statements: a row moves only from the state it is said to be in. */
@Injectable()
export class PostgresLedger extends Ledger {
  constructor(
    private readonly store: Store,
    private readonly evictions: Evictions,
  ) {
    super();
  }

  async add(tx: Tx, entry: NewLedgerEntry): Promise<void> {
    const { body, ...request } = entry.request;
    await tx.query(
      `insert into ledger (grant_id, call_id, cluster, target_uid, state, plan, plan_digest, request, body, context_digest, checks)
       values ($1, $2, $3, $4, 'planned', $5, $6, $7, $8, $9, $10)`,
      [
        entry.grantId,
        entry.callId,
        entry.plan.cluster,
        targetKey(entry.plan),
        JSON.stringify(entry.plan),
        entry.planDigest,
        JSON.stringify(request),
        body,
        entry.contextDigest,
        JSON.stringify(entry.checks),
      ],
    );
    if (entry.evictions) await this.evictions.add(tx, entry.grantId, entry.evictions);
  }

  async find(grantId: string): Promise<LedgerEntry | undefined> {
    const [row] = await this.store.query<Row>('select * from ledger where grant_id = $1', [grantId]);
    return row && toEntry(row);
  }

  async claim(tx: Tx, grantId: string): Promise<'claimed' | 'busy' | 'spent'> {
    // Asked first, because a violated index would end the caller's transaction; the index still decides a race.
    const [busy] = await tx.query(
      `select 1 from ledger mine join ledger other using (cluster, target_uid)
       where mine.grant_id = $1 and other.grant_id <> $1 and other.state in ('claimed', 'executing')`,
      [grantId],
    );
    if (busy) return 'busy';
    const rows = await tx.query(
      `update ledger set state = 'claimed' where grant_id = $1 and state = 'planned' returning grant_id`,
      [grantId],
    );
    return rows.length > 0 ? 'claimed' : 'spent';
  }

  async writeAhead(tx: Tx, grantId: string, ahead: WriteAhead): Promise<void> {
    await move(
      tx.query(
        `update ledger set state = 'executing', write_ahead = $2, sends = 1, last_sent_at = now()
         where grant_id = $1 and state = 'claimed' returning grant_id`,
        [grantId, JSON.stringify(ahead)],
      ),
    );
  }

  async sending(grantId: string): Promise<void> {
    await move(
      this.store.query(
        `update ledger set sends = sends + 1, last_sent_at = now()
         where grant_id = $1 and state = 'executing' returning grant_id`,
        [grantId],
      ),
    );
  }

  async decide(tx: Tx, grantId: string, state: 'done' | 'not-done' | 'uncertain', outcome: string): Promise<void> {
    await move(
      tx.query(
        `update ledger set state = $2, outcome = $3, decided_at = now()
         where grant_id = $1 and (state = 'executing' or (state in ('planned', 'claimed') and $2 = 'not-done')) returning grant_id`,
        [grantId, state, outcome],
      ),
    );
  }

  async cancel(tx: Tx, grantId: string): Promise<boolean> {
    const rows = await tx.query(
      `update ledger set state = 'cancelled', decided_at = now() where grant_id = $1 and state = 'planned' returning grant_id`,
      [grantId],
    );
    return rows.length > 0;
  }
}

/** What undecided writes exclude each other by: the object itself, or the place where there is none yet. */
function targetKey({ requests: [first] }: Plan): string {
  const { uid, group, resource, namespace = '', name } = first?.object ?? { group: '', resource: '', name: '' };
  return uid ?? `${resource}.${group} ${namespace}/${name}`;
}

async function move(rows: Promise<unknown[]>): Promise<void> {
  if ((await rows).length === 0) throw new Error('the ledger moved on meanwhile');
}

function toEntry(row: Row): LedgerEntry {
  return {
    grantId: row.grant_id,
    callId: row.call_id,
    state: row.state,
    plan: row.plan,
    planDigest: row.plan_digest,
    request: { ...row.request, body: row.body },
    contextDigest: row.context_digest,
    checks: row.checks,
    writeAhead: row.write_ahead ?? undefined,
    sends: row.sends,
    lastSentAt: row.last_sent_at ?? undefined,
  };
}
