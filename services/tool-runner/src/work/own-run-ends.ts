import { Injectable } from '@nestjs/common';
import { derivedId, RunCompleted } from '@skyflo/contracts';
import type { Tx } from '@skyflo/store';
import { type Ending, OwnRuns } from '../domain/own-runs.ts';
import { runEndOf } from '../domain/run-end.ts';
import { Attendance } from './attendance.ts';

/** A run of ours is over when its call is: whoever closes a call says so here, in the same transaction. */
@Injectable()
export class OwnRunEnds {
  constructor(
    private readonly runs: OwnRuns,
    private readonly attendance: Attendance,
  ) {}

  /** Nothing happens for calls of the planner's runs. */
  async end(tx: Tx, callId: string, ending: Ending): Promise<void> {
    const run = await this.runs.end(tx, callId, ending);
    if (!run) return;
    const { runId, conversationId } = run;
    tx.afterCommit(() => this.attendance.tell(runId, ending));
    await tx.emit(RunCompleted, {
      conversationId,
      runId,
      id: derivedId(runId, RunCompleted.type),
      data: runEndOf(ending),
    });
  }
}
