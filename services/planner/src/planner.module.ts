import { Module } from '@nestjs/common';
import { BusDeltas } from './adapters/bus-deltas.ts';
import { BusTools } from './adapters/bus-tools.ts';
import { FencedCheckpoints } from './adapters/fenced-checkpoints.ts';
import { OpenAiModel } from './adapters/openai-model.ts';
import { PostgresCalls } from './adapters/postgres-calls.ts';
import { PostgresJournal } from './adapters/postgres-journal.ts';
import { PostgresQueue } from './adapters/postgres-queue.ts';
import { PostgresRuns } from './adapters/postgres-runs.ts';
import { PostgresTurns } from './adapters/postgres-turns.ts';
import { Calls, Deltas, Journal, Model, Queue, Runs, Tools, Turns, Wakes } from './domain/ports.ts';
import { Asking } from './graph/asking.ts';
import { Checkpoints } from './graph/checkpoints.ts';
import { Prompting } from './graph/prompting.ts';
import { RunWorker } from './graph/run-worker.ts';
import { Sweeper } from './graph/sweeper.ts';
import { Walker } from './graph/walker.ts';
import { AnswerFindQueue } from './handlers/answer-find-queue.ts';
import { AnswerSendRunNow } from './handlers/answer-send-run-now.ts';
import { AnswerWithdrawRun } from './handlers/answer-withdraw-run.ts';
import { Closings } from './handlers/closings.ts';
import { OnApprovalRequested } from './handlers/on-approval-requested.ts';
import { OnGateRefused } from './handlers/on-gate-refused.ts';
import { OnLetterDied } from './handlers/on-letter-died.ts';
import { OnRunRequested } from './handlers/on-run-requested.ts';
import { OnRunStopRequested } from './handlers/on-run-stop-requested.ts';
import { OnToolCancelled } from './handlers/on-tool-cancelled.ts';
import { OnToolFailed } from './handlers/on-tool-failed.ts';
import { OnToolFinished } from './handlers/on-tool-finished.ts';
import { OnToolUncertain } from './handlers/on-tool-uncertain.ts';
import { Queueing } from './handlers/queueing.ts';

@Module({
  controllers: [
    OnRunRequested,
    OnRunStopRequested,
    OnToolFinished,
    OnToolFailed,
    OnToolCancelled,
    OnToolUncertain,
    OnGateRefused,
    OnApprovalRequested,
    OnLetterDied,
    AnswerFindQueue,
    AnswerWithdrawRun,
    AnswerSendRunNow,
  ],
  providers: [
    { provide: Model, useClass: OpenAiModel },
    { provide: Tools, useClass: BusTools },
    { provide: Deltas, useClass: BusDeltas },
    { provide: Runs, useClass: PostgresRuns },
    { provide: Calls, useClass: PostgresCalls },
    { provide: Turns, useClass: PostgresTurns },
    { provide: Queue, useClass: PostgresQueue },
    { provide: Journal, useClass: PostgresJournal },
    { provide: Checkpoints, useClass: FencedCheckpoints },
    Prompting,
    Asking,
    Walker,
    RunWorker,
    { provide: Wakes, useExisting: RunWorker },
    Sweeper,
    Closings,
    Queueing,
  ],
})
export class PlannerModule {}
