import { Injectable } from '@nestjs/common';
import {
  callIdOf,
  type Check,
  derivedId,
  type EventDefinition,
  type FailureRecord,
  ModelCompleted,
  ModelFailed,
  ModelRetried,
  ModelStarted,
  RunCompleted,
  RunStarted,
  RunVerified,
  ToolRequested,
} from '@skyflo/contracts';
import { assertLease, type Lease, Store, type Tx } from '@skyflo/store';
import { eventIdOf } from '../domain/event-id.ts';
import { type Answer, Journal, Turns } from '../domain/ports.ts';
import type { SettledCall } from '../domain/proposals.ts';
import type { RunView } from '../domain/run-view.ts';
import type { VerificationCall } from '../domain/verification.ts';
import type { End } from '../domain/what-next.ts';
import { insertCalls, insertStep } from './insert-step.ts';
import { toJsonb } from './to-jsonb.ts';

/** Every write asserts the lease first: a planner that was paused and overtaken can add nothing. */
@Injectable()
export class PostgresJournal extends Journal {
  constructor(
    private readonly store: Store,
    private readonly turns: Turns,
  ) {
    super();
  }

  asked(lease: Lease, run: RunView, { step, model }: { step: number; model: string }): Promise<void> {
    return this.under(lease, async (tx) => {
      const first = await tx.query(
        'update runs set started_at = now() where id = $1 and started_at is null returning id',
        [run.id],
      );
      if (first.length > 0) void tx.emit(RunStarted, { ...about(run, RunStarted), data: { model } });
      const { attempt } = lease;
      await tx.emit(ModelStarted, { ...about(run, ModelStarted, step, attempt), data: { step, attempt, model } });
    });
  }

  retried(lease: Lease, run: RunView, retry: { step: number; failure: FailureRecord; afterMs: number }): Promise<void> {
    return this.under(lease, async (tx) => {
      const { id: _everyTryIsNew, ...address } = about(run, ModelRetried);
      await tx.emit(ModelRetried, { ...address, data: { ...retry, attempt: lease.attempt } });
    });
  }

  failed(lease: Lease, run: RunView, { step, failure }: { step: number; failure: FailureRecord }): Promise<void> {
    return this.under(lease, async (tx) => {
      const first = await tx.query('update runs set failure = $2 where id = $1 and failure is null returning id', [
        run.id,
        toJsonb(failure),
      ]);
      if (first.length === 0) return;
      await tx.emit(ModelFailed, { ...about(run, ModelFailed), data: { step, attempt: lease.attempt, failure } });
    });
  }

  answered(
    lease: Lease,
    run: RunView,
    about_: { step: number; answer: Answer; calls: readonly SettledCall[]; afterUntrustedText: boolean },
  ): Promise<void> {
    const { step, answer, calls, afterUntrustedText } = about_;
    return this.under(lease, async (tx) => {
      const { attempt } = lease;
      if (!(await insertStep(tx, run.id, { step, kind: 'model', attempt, text: answer.text }))) return;
      if (answer.timeUp) tx.send('update runs set time_up = true where id = $1', [run.id]);
      insertCalls(
        tx,
        { runId: run.id, step },
        calls.map((call) => ({
          ...call,
          verifies: null,
          result: call.rejection ? { outcome: 'rejected', failure: call.rejection } : null,
        })),
      );
      const sent = calls.filter((call) => call.rejection === undefined);
      void tx.emit(ModelCompleted, {
        ...about(run, ModelCompleted, step),
        data: {
          step,
          attempt,
          ...toCompleted(answer),
          calls: sent.map(({ callId, tool, args }) => ({ callId, tool, args })),
        },
      });
      const causationId = eventIdOf(run.id, ModelCompleted, step);
      await Promise.all(
        sent.map((call) => this.request(tx, run, { ...call, purpose: 'model', afterUntrustedText, causationId })),
      );
    });
  }

  verifying(
    lease: Lease,
    run: RunView,
    { step, calls }: { step: number; calls: readonly VerificationCall[] },
  ): Promise<void> {
    return this.under(lease, async (tx) => {
      if (!(await insertStep(tx, run.id, { step, kind: 'verification', attempt: lease.attempt, text: '' }))) return;
      const placed = calls.map((call, index) => ({
        ...call,
        index,
        callId: callIdOf(run.id, step, index),
        result: null,
      }));
      insertCalls(tx, { runId: run.id, step }, placed);
      const common = { purpose: 'verification', afterUntrustedText: false, causationId: run.causeId } as const;
      await Promise.all(placed.map((call) => this.request(tx, run, { ...call, ...common })));
    });
  }

  verified(lease: Lease, run: RunView, { step, checks }: { step: number; checks: readonly Check[] }): Promise<void> {
    return this.under(lease, async (tx) => {
      const first = await tx.query(
        'update steps set verified_at = now() where run_id = $1 and step = $2 and verified_at is null returning step',
        [run.id, step],
      );
      if (first.length === 0 || checks.length === 0) return;
      // The step that wrote is the one before the step that looked.
      await tx.emit(RunVerified, { ...about(run, RunVerified, step), data: { step: step - 1, checks: [...checks] } });
    });
  }

  ended(lease: Lease, run: RunView, end: End): Promise<string | undefined> {
    return this.store.transaction(async (tx) => {
      // Conversation before lease, as everywhere else, or two transactions could wait for each other.
      const [, , first, { holder }] = await Promise.all([
        this.turns.lock(tx, run.conversationId),
        assertLease(tx, lease),
        tx.query('update runs set ended_at = now(), end_status = $2 where id = $1 and ended_at is null returning id', [
          run.id,
          end.status,
        ]),
        this.turns.settle(tx, run.conversationId),
      ]);
      if (first.length > 0) await tx.emit(RunCompleted, { ...about(run, RunCompleted), data: end });
      return holder ?? undefined;
    });
  }

  private under<T>(lease: Lease, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.store.transaction(async (tx) => {
      // What follows is on its way meanwhile. The lease is answered first: without it, nothing else is the reason.
      const [, done] = await Promise.all([assertLease(tx, lease), work(tx)]);
      return done;
    });
  }

  private async request(
    tx: Tx,
    run: RunView,
    call: Pick<ToolRequested['data'], 'callId' | 'tool' | 'purpose' | 'afterUntrustedText'> &
      Pick<SettledCall, 'args'> & { causationId: string },
  ): Promise<void> {
    const { callId, tool, args, purpose, afterUntrustedText, causationId } = call;
    const { cluster } = args;
    await tx.emit(ToolRequested, {
      conversationId: run.conversationId,
      runId: run.id,
      causationId,
      id: derivedId(callId, ToolRequested.type),
      data: {
        callId,
        tool,
        args: { ...args },
        ...(typeof cluster === 'string' ? { cluster } : {}),
        requestedBy: run.requestedBy,
        purpose,
        afterUntrustedText,
      },
    });
  }
}

/** Where an event of this run goes, and an id that the same statement gets again. */
function about(run: RunView, event: EventDefinition, step = 0, attempt = 0) {
  return {
    conversationId: run.conversationId,
    runId: run.id,
    causationId: run.causeId,
    id: eventIdOf(run.id, event, step, attempt),
  };
}

function toCompleted({ text, thinking, usage, firstTokenMs, durationMs, stopped }: Answer) {
  return {
    text,
    thinking,
    usage,
    durationMs,
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
    ...(stopped ? { stopped } : {}),
  };
}
