import type { Tx } from '@skyflo/store';
import type { Args, CallResult, Verifies } from '../domain/run-view.ts';
import { toJsonb, withoutNul } from './to-jsonb.ts';

type NewStep = { step: number; kind: 'model' | 'verification'; attempt: number; text: string };
type NewCall = {
  readonly callId: string;
  readonly index: number;
  readonly tool: string;
  readonly args: Args;
  readonly verifies: Verifies | null;
  readonly result: CallResult | null;
};

/** False when the step was written before: the first writer wins. A step that was written also clears the run's faults. */
export async function insertStep(tx: Tx, runId: string, { step, kind, attempt, text }: NewStep): Promise<boolean> {
  const rows = await tx.query(
    `with written as (
       insert into steps (run_id, step, kind, attempt, text) values ($1, $2, $3, $4, $5)
       on conflict (run_id, step) do nothing returning run_id
     ), cleared as (
       update runs set faults = 0 where id in (select run_id from written) and faults > 0
     )
     select run_id from written`,
    [runId, step, kind, attempt, withoutNul(text)],
  );
  return rows.length > 0;
}

export function insertCalls(tx: Tx, { runId, step }: { runId: string; step: number }, calls: readonly NewCall[]): void {
  if (calls.length === 0) return;
  const rows = calls.map(({ callId, index, tool, args, verifies, result }) => ({
    id: callId,
    index,
    tool,
    args,
    verifies,
    result,
  }));
  tx.send(
    `insert into calls (id, run_id, step, index, tool, args, verifies, result, closed_at)
     select c.id, $1, $2, c.index, c.tool, c.args, nullif(c.verifies, 'null'), nullif(c.result, 'null'),
       case when nullif(c.result, 'null') is null then null else now() end
     from jsonb_to_recordset($3::jsonb) as c (id text, index int, tool text, args jsonb, verifies jsonb, result jsonb)`,
    [runId, step, toJsonb(rows)],
  );
}
