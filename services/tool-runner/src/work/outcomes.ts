import { Injectable } from '@nestjs/common';
import { assertNever, type Failure, type GrantId, type Undone } from '@skyflo/contracts';
import { assertLease, Store, type Tx } from '@skyflo/store';
import { capText } from '../domain/cap.ts';
import { isRelease } from '../domain/helm/operation.ts';
import type { After } from '../domain/outcome.ts';
import { type Call, Ledger, type LedgerEntry } from '../domain/ports.ts';
import { doneText, partlyText, stepText, targetOf, writtenLines } from '../domain/written.ts';
import { Closing } from './closing.ts';
import type { Effort } from './effort.ts';
import type { Enacted, Told } from './enacting.ts';

type Ended = {
  readonly grantId: GrantId;
  readonly step: LedgerEntry;
  readonly verdict: Enacted;
  readonly durationMs: number;
};
type Uncertain = Extract<Enacted, { kind: 'uncertain' }>;

/** Puts on record what became of granted requests, and closes their call: in one transaction, under the lease. */
@Injectable()
export class Outcomes {
  constructor(
    private readonly store: Store,
    private readonly ledger: Ledger,
    private readonly closing: Closing,
  ) {}

  /** One of several is done, and others follow. */
  async note({ mark, plan }: LedgerEntry, after: After, { lease }: Effort): Promise<void> {
    await this.store.transaction(async (tx) => {
      await assertLease(tx, lease);
      await this.ledger.decide(tx, mark, 'done', stepText(plan, after));
    });
  }

  async conclude(call: Call, ended: Ended, { lease }: Effort): Promise<void> {
    const { verdict } = ended;
    // Taken up again by the sweeper.
    if (verdict.kind === 'wait' || verdict.kind === 'send' || verdict.kind === 'again') return;
    const steps = await this.ledger.steps(ended.grantId);
    await this.store.transaction(async (tx) => {
      await assertLease(tx, lease);
      switch (verdict.kind) {
        case 'done':
          return this.finish(tx, call, { ...ended, steps, after: verdict.after });
        case 'told':
          return this.tell(tx, call, { ...ended, steps, told: verdict });
        case 'not-done':
          return this.notDone(tx, call, { ...ended, steps, failure: verdict.failure });
        case 'uncertain':
          return this.leaveUncertain(tx, call, { ...ended, steps, verdict });
        default:
          return assertNever(verdict);
      }
    });
  }

  private async finish(tx: Tx, call: Call, { steps, step, after, ...ended }: Of<{ after: After }>): Promise<void> {
    const { effect } = step.plan;
    const lines = writtenLines(step.plan, after);
    const told = steps.length > 1 ? [...outcomesOf(steps), stepText(step.plan, after)] : lines;
    await this.ledger.decide(
      tx,
      step.mark,
      'done',
      steps.length > 1 ? stepText(step.plan, after) : doneText(effect, lines),
    );
    await this.closing.finish(tx, call, {
      text: doneText(effect, told),
      truncated: false,
      checks: steps.flatMap(({ checks }) => checks),
      grantId: ended.grantId,
      durationMs: ended.durationMs,
    });
  }

  private async tell(tx: Tx, call: Call, { step, told, ...ended }: Of<{ told: Told }>): Promise<void> {
    const { text, facts } = told;
    await this.ledger.decide(tx, step.mark, 'done', text);
    const { grantId, durationMs } = ended;
    await this.closing.finish(tx, call, { ...capText(text), facts, checks: [...step.checks], grantId, durationMs });
  }

  private async notDone(tx: Tx, call: Call, ended: Of<{ failure: Failure }>): Promise<void> {
    const { grantId, step, steps, failure, durationMs } = ended;
    await this.ledger.decide(tx, step.mark, 'not-done', failure.message);
    await this.ledger.abandon(tx, grantId, notBegun);
    const done = steps.filter(({ state }) => state === 'done');
    if (done.length === 0) return this.closing.fail(tx, call, failure, { durationMs, grantId });
    const undone: Undone[] = [
      { object: targetOf(step.plan), why: failure.message },
      ...after(steps, step).map(({ plan }) => ({ object: targetOf(plan), why: notBegun })),
    ];
    await this.closing.finish(tx, call, {
      text: partlyText(step.plan.effect, outcomesOf(steps), undone),
      truncated: false,
      undone,
      checks: done.flatMap(({ checks }) => checks),
      grantId,
      durationMs,
    });
  }

  private async leaveUncertain(tx: Tx, call: Call, ended: Of<{ verdict: Uncertain }>): Promise<void> {
    const { grantId, step, steps, verdict } = ended;
    await this.ledger.decide(tx, step.mark, 'uncertain', verdict.seen);
    await this.ledger.abandon(tx, grantId, notBegun);
    const target = targetOf(step.plan);
    const which = steps.length > 1 ? ` ${target} was sent last,` : ' It was sent,';
    const how = isRelease(step.request) ? ' Helm was started for it, once.' : `${which} and its answer was never seen.`;
    const others = [
      ...outcomesOf(steps).map((text) => `Done before: ${text.split('\n', 1)[0] ?? ''}`),
      ...after(steps, step).map(({ plan }) => `Not done: ${targetOf(plan)}.`),
    ];
    await this.closing.leaveUncertain(tx, call, {
      grantId,
      sent: [`${step.plan.effect}${how}`, ...others].join(' '),
      seen: verdict.seen,
      next: `Look at ${target} and its events, and say whether it happened.`,
    });
  }
}

type Of<More> = Omit<Ended, 'verdict'> & { readonly steps: readonly LedgerEntry[] } & More;

const notBegun = 'It was not begun, because what comes before it was not done.';

function outcomesOf(steps: readonly LedgerEntry[]): string[] {
  return steps.flatMap(({ state, outcome }) => (state === 'done' && outcome !== undefined ? [outcome] : []));
}

function after(steps: readonly LedgerEntry[], { step }: LedgerEntry): LedgerEntry[] {
  return steps.filter((other) => other.step > step);
}
