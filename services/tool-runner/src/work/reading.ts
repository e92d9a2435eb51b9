import { Injectable } from '@nestjs/common';
import { ensureFailure, Failure, type Json, type ToolFinished, wellFormed, wellFormedJson } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { capText } from '../domain/cap.ts';
import { type Call, Calls } from '../domain/ports.ts';
import type { Answer } from '../tools/tool.ts';
import { Closing } from './closing.ts';
import type { Effort } from './effort.ts';
import { Lane } from './lane.ts';
import { ReadTools } from './read-tools.ts';

/** Runs read tools. One that a crash interrupted is run again: looking twice does no harm. */
@Injectable()
export class Reading {
  /** Writes have no part in it: many slow reads never hold up what a person approved. */
  private readonly lane = new Lane(16);
  /** Reads that wait on purpose hold nothing but a place to stand: they must not stand in the way of quick ones. */
  private readonly waitingLane = new Lane(64);

  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly closing: Closing,
    private readonly tools: ReadTools,
  ) {}

  async run(call: Call, effort: Effort): Promise<void> {
    const began = performance.now();
    if (await this.calls.isRunStopped(call.runId)) return this.store.transaction((tx) => this.closing.cancel(tx, call));
    const read = () => this.tools.read(call, effort);
    const lane = this.tools.waits(call) ? this.waitingLane : this.lane;
    const result = await lane.use(read).catch((error: unknown) => ensureFailure(error));
    // The process is ending, or the call was cancelled and is closed: in either case there is nothing to say here.
    if (effort.signal.aborted) return;
    const durationMs = performance.now() - began;
    await this.store.transaction(async (tx) => {
      if (result instanceof Failure) await this.closing.fail(tx, call, result, { durationMs });
      else await this.closing.finish(tx, call, { ...toData(result), durationMs });
    });
  }
}

type Data = ToolFinished['data'];

type Told = Pick<Data, 'text' | 'truncated' | 'facts' | 'findings' | 'rollout'>;

function toData({ text, facts, findings, rollout }: Answer): Told {
  const told = facts && wellFormedJson(facts as NonNullable<Data['facts']>);
  const found = findings && clean(findings);
  const drawn = rollout && clean(rollout);
  return {
    ...capText(wellFormed(text)),
    ...(told ? { facts: told } : {}),
    ...(found ? { findings: [...found] } : {}),
    ...(drawn ? { rollout: drawn } : {}),
  };
}

/** What the contracts type is JSON that has no member that is undefined; the compiler cannot see that. */
function clean<T extends object>(value: T): T {
  return wellFormedJson(value as unknown as Json) as unknown as T;
}
