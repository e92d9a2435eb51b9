import { Injectable } from '@nestjs/common';
import type { CheckRequest, Plan } from '@skyflo/contracts';
import type { WriteRequest } from '@skyflo/kube';
import { Store, type Tx } from '@skyflo/store';
import { Evictions } from '../domain/drain/evictions.ts';
import type { WriteAhead } from '../domain/outcome.ts';
import { Ledger, type LedgerEntry, type LedgerState, type PlannedGrant } from '../domain/ports.ts';
import { markOfStep, stepOfPlan } from '../domain/step.ts';

/** `grant_id` is the mark of the request: of the first one the grant id itself. */
type Row = {
  grant_id: string;
  of_grant: string;
  step: number;
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
  outcome: string | null;
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

  async add(tx: Tx, { callId, plan, planDigest, requests, evictions }: PlannedGrant): Promise<void> {
    for (const [step, planned] of requests.entries()) {
      const { body, ...request } = planned.request;
      await tx.query(
        `insert into ledger (grant_id, step, call_id, cluster, target_uid, state, plan, plan_digest, request, body, context_digest, checks)
         values ($1, $2, $3, $4, $5, 'planned', $6, $7, $8, $9, $10, $11)`,
        [
          markOfStep(plan.grantId, step),
          step,
          callId,
          plan.cluster,
          targetKey(plan, step),
          JSON.stringify(step === 0 ? plan : stepOfPlan(plan, step)),
          planDigest,
          JSON.stringify(request),
          body,
          planned.contextDigest,
          JSON.stringify(planned.checks),
        ],
      );
    }
    if (evictions) await this.evictions.add(tx, plan.grantId, evictions);
  }

  async find(grantId: string): Promise<LedgerEntry | undefined> {
    const [row] = await this.store.query<Row>('select * from ledger where grant_id = $1', [grantId]);
    return row && toEntry(row);
  }

  async steps(grantId: string): Promise<readonly LedgerEntry[]> {
    const rows = await this.store.query<Row>('select * from ledger where of_grant = $1 order by step', [grantId]);
    return rows.map(toEntry).map((entry) => ({
      ...entry,
      plan: entry.step === 0 ? stepOfPlan(entry.plan, 0) : entry.plan,
    }));
  }

  async claim(tx: Tx, grantId: string): Promise<'claimed' | 'busy' | 'spent'> {
    // Asked first, because a violated index would end the caller's transaction; the index still decides a race.
    const [busy] = await tx.query(
      `select 1 from ledger mine join ledger other using (cluster, target_uid)
       where mine.of_grant = $1 and other.of_grant <> $1 and other.state in ('claimed', 'executing')`,
      [grantId],
    );
    if (busy) return 'busy';
    const rows = await tx.query(
      `update ledger set state = 'claimed' where of_grant = $1 and state = 'planned' returning grant_id`,
      [grantId],
    );
    return rows.length > 0 ? 'claimed' : 'spent';
  }

  /** Also of one that was written ahead before, where that is known to have come to nothing. */
  async writeAhead(tx: Tx, mark: string, ahead: WriteAhead): Promise<void> {
    await move(
      tx.query(
        `update ledger set state = 'executing', write_ahead = $2, sends = sends + 1, last_sent_at = now()
         where grant_id = $1 and state in ('claimed', 'executing') returning grant_id`,
        [mark, JSON.stringify(ahead)],
      ),
    );
  }

  async sending(mark: string): Promise<void> {
    await move(
      this.store.query(
        `update ledger set sends = sends + 1, last_sent_at = now()
         where grant_id = $1 and state = 'executing' returning grant_id`,
        [mark],
      ),
    );
  }

  async decide(tx: Tx, mark: string, state: 'done' | 'not-done' | 'uncertain', outcome: string): Promise<void> {
    await move(
      tx.query(
        `update ledger set state = $2, outcome = $3, decided_at = now()
         where grant_id = $1 and (state = 'executing' or (state in ('planned', 'claimed') and $2 = 'not-done')) returning grant_id`,
        [mark, state, outcome],
      ),
    );
  }

  async abandon(tx: Tx, grantId: string, why: string): Promise<void> {
    await tx.query(
      `update ledger set state = 'not-done', outcome = $2, decided_at = now()
       where of_grant = $1 and state in ('planned', 'claimed')`,
      [grantId, why],
    );
  }

  async cancel(tx: Tx, grantId: string): Promise<boolean> {
    const rows = await tx.query(
      `update ledger set state = 'cancelled', decided_at = now() where of_grant = $1 and state = 'planned' returning grant_id`,
      [grantId],
    );
    return rows.length > 0;
  }
}

async function move(rows: Promise<unknown[]>): Promise<void> {
  if ((await rows).length === 0) throw new Error('the ledger moved on meanwhile');
}

/** What undecided writes exclude each other by: the object itself, or the place where there is none yet. */
function targetKey({ requests }: Plan, step: number): string {
  const object = requests[step]?.object;
  return object?.uid ?? `${object?.resource}.${object?.group} ${object?.namespace ?? ''}/${object?.name}`;
}

function toEntry(row: Row): LedgerEntry {
  return {
    mark: row.grant_id,
    grantId: row.of_grant,
    step: row.step,
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
    outcome: row.outcome ?? undefined,
  };
}
