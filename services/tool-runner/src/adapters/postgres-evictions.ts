import { Injectable } from '@nestjs/common';
import type { WriteRequest } from '@skyflo/kube';
import { Store, type Tx } from '@skyflo/store';
import {
  type Begun,
  type EvictionEntry,
  Evictions,
  type EvictionState,
  type PlannedEvictions,
} from '../domain/drain/evictions.ts';

type Row = {
  n: number;
  request: Omit<WriteRequest, 'body'>;
  body: string;
  state: EvictionState;
  tries: number;
  answers: number;
  told: string | null;
};

@Injectable()
export class PostgresEvictions extends Evictions {
  constructor(private readonly store: Store) {
    super();
  }

  async add(tx: Tx, grantId: string, { requests, withinMs }: PlannedEvictions): Promise<void> {
    await tx.query('insert into drains (grant_id, within_ms) values ($1, $2)', [grantId, withinMs]);
    const rows = requests.map(({ body, ...request }, n) => ({ n, request, body }));
    await tx.query(
      `insert into evictions (grant_id, n, request, body)
       select $1, n, request, body from jsonb_to_recordset($2) as planned(n int, request jsonb, body text)`,
      [grantId, JSON.stringify(rows)],
    );
  }

  async hasBegun(grantId: string): Promise<boolean> {
    const rows = await this.store.query('select 1 from drains where grant_id = $1 and begun_at is not null', [grantId]);
    return rows.length > 0;
  }

  async begin(grantId: string): Promise<Begun | undefined> {
    const [drain] = await this.store.query<{ within_ms: number; passed_ms: string }>(
      `update drains set begun_at = coalesce(begun_at, now()) where grant_id = $1
       returning within_ms, extract(epoch from now() - begun_at) * 1000 as passed_ms`,
      [grantId],
    );
    if (!drain) return undefined;
    const rows = await this.store.query<Row>('select * from evictions where grant_id = $1 order by n', [grantId]);
    // Whole ones: timers take no others.
    const passedMs = Math.round(Number(drain.passed_ms));
    return { entries: rows.map(toEntry), passedMs, leftMs: Math.max(0, drain.within_ms - passedMs) };
  }

  async sending(grantId: string, n: number): Promise<void> {
    await this.store.query('update evictions set tries = tries + 1 where grant_id = $1 and n = $2', [grantId, n]);
  }

  async answered(
    grantId: string,
    n: number,
    { state, told }: { readonly state: EvictionState; readonly told?: string | undefined },
  ): Promise<void> {
    await this.store.query(
      'update evictions set answers = answers + 1, state = $3, told = $4 where grant_id = $1 and n = $2',
      [grantId, n, state, told ?? null],
    );
  }

  async saw(grantId: string, n: number, state: EvictionState): Promise<void> {
    await this.store.query('update evictions set state = $3 where grant_id = $1 and n = $2', [grantId, n, state]);
  }
}

function toEntry({ n, request, body, state, tries, answers, told }: Row): EvictionEntry {
  return { n, request: { ...request, body }, state, unanswered: tries > answers, told: told ?? undefined };
}
