import { Module } from '@nestjs/common';
import { BusPeople } from './adapters/bus-people.ts';
import { BusToolDirectory } from './adapters/bus-tool-directory.ts';
import { PostgresApprovals } from './adapters/postgres-approvals.ts';
import { PostgresCalls } from './adapters/postgres-calls.ts';
import { Approvals, Calls, People, ToolDirectory } from './domain/ports.ts';
import { AnswerDecideApproval } from './handlers/answer-decide-approval.ts';
import { AnswerFindApprovals } from './handlers/answer-find-approvals.ts';
import { Closings } from './handlers/closings.ts';
import { Expiry } from './handlers/expiry.ts';
import { OnRunCompleted } from './handlers/on-run-completed.ts';
import { OnRunStopRequested } from './handlers/on-run-stop-requested.ts';
import { OnToolFailed } from './handlers/on-tool-failed.ts';
import { OnToolPlanned } from './handlers/on-tool-planned.ts';
import { OnToolRequested } from './handlers/on-tool-requested.ts';
import { RunEnds } from './handlers/run-ends.ts';

@Module({
  controllers: [
    OnToolRequested,
    OnToolPlanned,
    OnToolFailed,
    OnRunStopRequested,
    OnRunCompleted,
    AnswerDecideApproval,
    AnswerFindApprovals,
  ],
  providers: [
    { provide: Calls, useClass: PostgresCalls },
    { provide: Approvals, useClass: PostgresApprovals },
    { provide: People, useClass: BusPeople },
    { provide: ToolDirectory, useClass: BusToolDirectory },
    Closings,
    RunEnds,
    Expiry,
  ],
})
export class GateModule {}
