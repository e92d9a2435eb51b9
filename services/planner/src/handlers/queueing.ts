import { Injectable } from '@nestjs/common';
import { type PersonRef, RunCompleted, RunMovedUp, RunStopRequested, RunWithdrawn } from '@skyflo/contracts';
import type { Tx } from '@skyflo/store';
import { eventIdOf } from '../domain/event-id.ts';
import { Queue, Runs, type Turn, Turns, Wakes } from '../domain/ports.ts';

type About = { readonly conversationId: string; readonly runId: string; readonly causationId: string };

/** Takes queued runs back and moves them up, inside the transaction in which that was decided. */
@Injectable()
export class Queueing {
  constructor(
    private readonly queue: Queue,
    private readonly turns: Turns,
    private readonly runs: Runs,
    private readonly wakes: Wakes,
  ) {}

  /** Does nothing for a run that has yet to come; `arrived` does it then. */
  async withdraw(tx: Tx, about: About, by: PersonRef): Promise<void> {
    const { runId } = about;
    if (!(await this.queue.end(tx, runId))) return;
    await tx.emit(RunWithdrawn, { ...about, id: eventIdOf(runId, RunWithdrawn), data: { by: refOf(by) } });
    const reason = `${by.email} withdrew the message before it was worked on.`;
    await tx.emit(RunCompleted, {
      ...about,
      id: eventIdOf(runId, RunCompleted),
      data: { status: 'withdrawn', reason },
    });
  }

  /** The run goes first among those that wait, and whoever works now is stopped for it. */
  async moveUp(tx: Tx, about: About, move: { by: PersonRef; at: string }): Promise<void> {
    await tx.emit(RunMovedUp, { ...about, data: { by: refOf(move.by), at: move.at } });
    await this.makeWay(tx, about, move.by);
  }

  /** What was asked of a run before it came. */
  async arrived(tx: Tx, about: About, turn: Turn): Promise<void> {
    const run = turn.find(about.runId);
    if (run?.withdrawnBy) await this.withdraw(tx, about, run.withdrawnBy);
    else if (run?.movedUpBy && run.movedUpAt !== null)
      await this.moveUp(tx, about, { by: run.movedUpBy, at: run.movedUpAt });
  }

  private async makeWay(tx: Tx, { conversationId, runId, causationId }: About, by: PersonRef): Promise<void> {
    const turn = await this.turns.settle(tx, conversationId);
    const { holder } = turn;
    if (holder === null || holder === runId || turn.find(holder)?.stopRequested) return;
    await this.runs.requestStop(tx, holder, refOf(by));
    await tx.emit(RunStopRequested, {
      conversationId,
      runId: holder,
      causationId,
      id: eventIdOf(holder, RunStopRequested),
      data: { by: refOf(by) },
    });
    await this.wakes.wakeAfter(tx, holder);
    tx.afterCommit(() => this.wakes.interrupt(holder));
  }
}

function refOf({ id, email }: PersonRef): PersonRef {
  return { id, email };
}
