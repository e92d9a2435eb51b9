import { Module } from '@nestjs/common';
import { BusProgress } from './adapters/bus-progress.ts';
import { HmacDigest } from './adapters/hmac-digest.ts';
import { KubeClusters } from './adapters/kube-clusters.ts';
import { PostgresCalls } from './adapters/postgres-calls.ts';
import { PostgresEvictions } from './adapters/postgres-evictions.ts';
import { PostgresLedger } from './adapters/postgres-ledger.ts';
import { PostgresOwnRuns } from './adapters/postgres-own-runs.ts';
import { SignedCallers } from './adapters/signed-callers.ts';
import { Callers } from './domain/callers.ts';
import { Evictions } from './domain/drain/evictions.ts';
import { OwnRuns } from './domain/own-runs.ts';
import { Calls, Clusters, KeyedDigest, Ledger } from './domain/ports.ts';
import { Progress } from './domain/progress.ts';
import { AnswerFindTools } from './handlers/answer-find-tools.ts';
import { Intake } from './handlers/intake.ts';
import { OnGatePassed } from './handlers/on-gate-passed.ts';
import { OnGateRefused } from './handlers/on-gate-refused.ts';
import { OnRunCompleted } from './handlers/on-run-completed.ts';
import { OnRunStopRequested } from './handlers/on-run-stop-requested.ts';
import { OnToolPlanRequested } from './handlers/on-tool-plan-requested.ts';
import { OnToolRequested } from './handlers/on-tool-requested.ts';
import { McpEndpoint } from './http/mcp-endpoint.ts';
import { McpTools } from './http/mcp-tools.ts';
import { RunEnds } from './handlers/run-ends.ts';
import { Admission } from './work/admission.ts';
import { Attendance } from './work/attendance.ts';
import { CallWorker } from './work/call-worker.ts';
import { Closing } from './work/closing.ts';
import { Enacting } from './work/enacting.ts';
import { Evicting } from './work/evicting.ts';
import { Executing } from './work/executing.ts';
import { LastLook } from './work/last-look.ts';
import { Making } from './work/making.ts';
import { Outcomes } from './work/outcomes.ts';
import { OwnCalls } from './work/own-calls.ts';
import { OwnRunEnds } from './work/own-run-ends.ts';
import { Planning } from './work/planning.ts';
import { ReadTools } from './work/read-tools.ts';
import { Reading } from './work/reading.ts';
import { Running } from './work/running.ts';
import { Releasing } from './work/releasing.ts';
import { Work } from './work/work.ts';
import { WriteTools } from './work/write-tools.ts';
import { Writing } from './work/writing.ts';

@Module({
  controllers: [
    OnToolRequested,
    OnToolPlanRequested,
    OnGatePassed,
    OnGateRefused,
    OnRunCompleted,
    OnRunStopRequested,
    AnswerFindTools,
  ],
  providers: [
    { provide: Calls, useClass: PostgresCalls },
    { provide: Evictions, useClass: PostgresEvictions },
    { provide: Progress, useClass: BusProgress },
    { provide: Ledger, useClass: PostgresLedger },
    { provide: Clusters, useClass: KubeClusters },
    { provide: KeyedDigest, useClass: HmacDigest },
    { provide: OwnRuns, useClass: PostgresOwnRuns },
    { provide: Callers, useClass: SignedCallers },
    Attendance,
    OwnRunEnds,
    Closing,
    ReadTools,
    Reading,
    WriteTools,
    Planning,
    Admission,
    LastLook,
    Writing,
    Evicting,
    Running,
    Making,
    Enacting,
    Outcomes,
    Releasing,
    Executing,
    Work,
    CallWorker,
    Intake,
    RunEnds,
    OwnCalls,
    McpTools,
    McpEndpoint,
  ],
})
export class ToolRunnerModule {}
