import { Inject, Injectable } from '@nestjs/common';
import { ensureFailure, Failure, type FailureRecord } from '@skyflo/contracts';
import { CONFIG } from '@skyflo/service-kit';
import type { Lease } from '@skyflo/store';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannerConfig } from '../config.ts';
import { retryAfterMs } from '../domain/backoff.ts';
import { type Answer, Deltas, Journal, Model } from '../domain/ports.ts';
import type { RunView } from '../domain/run-view.ts';
import type { AskModel } from '../domain/what-next.ts';
import { Beat, pauseFor } from './beat.ts';
import { DeltaStream } from './delta-stream.ts';
import { type Briefing, Prompting } from './prompting.ts';

export type Asked = { readonly answer: Answer; readonly briefing: Briefing } | { readonly failure: FailureRecord };

type Call = {
  readonly step: number;
  readonly lease: Lease;
  readonly stop: AbortController;
  readonly asked: Promise<Asked>;
};
type Question = { readonly run: RunView; readonly step: number; readonly lease: Lease; readonly stop: AbortSignal };

/** A longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;
/** Why a call was ended that no person stopped. */
const timeIsUp = Symbol('the run has worked for as long as it may');

/**
 * The model calls in hand. A call begins as soon as it is known to be next, before the graph has walked to its node: nothing
 * is awaited before it but the prompt, and the node finds it running.
 *
 * A person's stop is not a failure: it goes to the client alone, so that what had arrived by then is kept. The loss of the
 * lease is one: whatever arrives belongs to an attempt that may not write any more.
 */
@Injectable()
export class Asking {
  private readonly calls = new Map<string, Call>();
  private readonly beat = new Beat(() => pauseFor(this.calls.size));

  constructor(
    private readonly model: Model,
    private readonly prompting: Prompting,
    private readonly journal: Journal,
    private readonly deltas: Deltas,
    @Inject(CONFIG) private readonly config: PlannerConfig,
  ) {}

  /** Begins the call for a step, or joins the one that is running under the same lease. */
  begin(run: RunView, { step, leftMs }: AskModel, lease: Lease): Promise<Asked> {
    const known = this.calls.get(run.id);
    if (known?.step === step && known.lease === lease) return known.asked;
    const stop = new AbortController();
    const asked = this.converse({ run, step, lease, stop: stop.signal });
    const clock = setTimeout(() => stop.abort(timeIsUp), Math.min(Math.max(0, leftMs), longestTimerMs));
    // Who awaits it later hears of its failure then; until that it must not count as unhandled.
    asked.catch(() => undefined).finally(() => clearTimeout(clock));
    this.calls.set(run.id, { step, lease, stop, asked });
    return asked;
  }

  /** A person wants the run to stop. */
  interrupt(runId: string): void {
    this.calls.get(runId)?.stop.abort();
  }

  /** The run's work is over for now; nothing of it may go on talking. */
  forget(runId: string): void {
    this.interrupt(runId);
    this.calls.delete(runId);
  }

  private async converse(question: Question): Promise<Asked> {
    const { run, step, lease, stop } = question;
    const announced = this.journal.asked(lease, run, { step, model: this.model.name });
    announced.catch(() => undefined);
    const briefing = await this.prompting.brief(run);
    for (let tried = 1; ; tried += 1) {
      const answer = await this.once(question, briefing).catch(ensureFailure);
      await announced;
      if (lease.signal.aborted) throw lease.signal.reason;
      if (!(answer instanceof Failure)) return { answer, briefing };
      const afterMs = retryAfterMs(answer, tried, {
        retries: this.config.modelRetries,
        baseMs: this.config.modelRetryMs,
      });
      const failure = answer.toRecord();
      if (afterMs === undefined) return { failure };
      await this.journal.retried(lease, run, { step, failure, afterMs });
      // Ended early by a stop or by the loss of the lease: the next try sees which.
      await sleep(afterMs, undefined, { signal: AbortSignal.any([stop, lease.signal]) }).catch(() => undefined);
    }
  }

  private async once({ run, step, lease, stop }: Question, { prompt }: Briefing): Promise<Answer> {
    const began = performance.now();
    const said = { text: '', thinking: '' };
    let firstTokenMs: number | undefined;
    let end = {
      proposals: [] as Answer['proposals'],
      usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
    };
    const { attempt } = lease;
    const stream = new DeltaStream((delta) => this.deltas.send(run, { step, attempt, ...delta }), this.beat);
    try {
      for await (const piece of this.model.ask(prompt, AbortSignal.any([stop, lease.signal]))) {
        firstTokenMs ??= performance.now() - began;
        if (piece.kind === 'end') {
          end = piece;
        } else {
          said[piece.kind] += piece.text;
          stream.push(piece.kind, piece.text);
        }
      }
    } finally {
      stream.end();
    }
    const answer = { ...said, firstTokenMs, durationMs: performance.now() - began, usage: end.usage };
    // The calls of an answer that was cut short are not made, even if the last of them seems whole.
    if (stop.aborted) return { ...answer, proposals: [], stopped: true, timeUp: stop.reason === timeIsUp };
    if (said.text === '' && end.proposals.length === 0)
      throw Failure.retryable('ModelAnswerEmpty', 'The model did not answer: it sent neither text nor a tool call.');
    return { ...answer, proposals: end.proposals, stopped: false, timeUp: false };
  }
}
