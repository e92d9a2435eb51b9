import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@skyflo/service-kit';
import type { ToolRunnerConfig } from '../config.ts';
import { afterAnswer } from '../domain/drain/after-answer.ts';
import { type Begun, type EvictionEntry, Evictions, type EvictionState } from '../domain/drain/evictions.ts';
import { type Drained, type DrainEnd, drainReport, progressLine } from '../domain/drain/report.ts';
import { evictedUid } from '../domain/eviction.ts';
import { maskText } from '../domain/mask.ts';
import { type Call, Calls, type ClusterClients, Clusters, type LedgerEntry } from '../domain/ports.ts';
import { Progress } from '../domain/progress.ts';
import { targetOf } from '../domain/written.ts';
import type { Effort } from './effort.ts';
import { Lane } from './lane.ts';
import { type OnNode, podsOnNode } from './pods-on-node.ts';

const sendTimeoutMs = 30_000;
const atOnce = 8;

/**
 * Evicts the approved pods of a cordoned node, round by round: look who is still there, ask those to leave whom nothing was
 * answered yes for, wait. Budgets are kept to by the API server; a no is asked again until the time is up. Rounds are the
 * same after a crash: only what is there counts, and a second eviction of a uid does nothing.
 */
@Injectable()
export class Evicting {
  constructor(
    private readonly evictions: Evictions,
    private readonly clusters: Clusters,
    private readonly calls: Calls,
    private readonly progress: Progress,
    @Inject(CONFIG) private readonly config: ToolRunnerConfig,
  ) {}

  hasBegun(grantId: string): Promise<boolean> {
    return this.evictions.hasBegun(grantId);
  }

  /** What it came to; `none` where nothing is planned; undefined where this process ends first and another goes on. */
  async run(call: Call, entry: LedgerEntry, effort: Effort): Promise<Drained | 'none' | undefined> {
    const begun = await this.evictions.begin(entry.mark);
    if (!begun) return 'none';
    const ended = await this.untilTheEnd(call, entry, { begun, effort });
    return ended && drainReport(targetOf(entry.plan), ended.entries, ended.end);
  }

  private async untilTheEnd(
    call: Call,
    entry: LedgerEntry,
    { begun, effort }: { readonly begun: Begun; readonly effort: Effort },
  ): Promise<{ readonly entries: readonly EvictionEntry[]; readonly end: DrainEnd } | undefined> {
    const startedAt = performance.now();
    const deadline = AbortSignal.timeout(begun.leftMs);
    let { entries } = begun;
    let told = '';
    for (;;) {
      const end = deadline.aborted ? 'time' : (await this.calls.isRunStopped(call.runId)) ? 'stopped' : undefined;
      entries = await this.round(entry, entries, { isLast: end !== undefined });
      const line = progressLine(entries);
      if (line !== told) this.progress.tell(call, Math.round(begun.passedMs + performance.now() - startedAt) + 1, line);
      told = line;
      if (entries.every(({ state }) => state === 'gone')) return { entries, end: 'complete' };
      if (end) return { entries, end };
      if (entries.every(({ state }) => state === 'gone' || state === 'refused')) return { entries, end: 'refused' };
      const pause = AbortSignal.any([effort.signal, deadline]);
      await sleep(this.config.evictionRoundMs, undefined, { signal: pause }).catch(() => undefined);
      if (effort.signal.aborted) return undefined;
    }
  }

  /** The last one only looks, so that what is reported was seen after the last request. */
  private async round(
    entry: LedgerEntry,
    entries: readonly EvictionEntry[],
    { isLast }: { readonly isLast: boolean },
  ): Promise<readonly EvictionEntry[]> {
    const clients = await this.clusters.open(entry.plan.cluster).catch(() => undefined);
    const here = clients && (await podsOnNode(entry.plan.requests[0]?.object.name ?? '', clients.read));
    // Who cannot be asked is asked in the next round.
    if (!clients || !here) return entries;
    const seen = await Promise.all(entries.map((one) => this.seen(entry.mark, one, here)));
    if (isLast) return seen;
    const lane = new Lane(atOnce);
    return Promise.all(
      seen.map(async (one) => (one.state === 'due' ? await lane.use(() => this.evict(entry.mark, one, clients)) : one)),
    );
  }

  private async seen(grantId: string, entry: EvictionEntry, here: OnNode): Promise<EvictionEntry> {
    const state = stateSeen(entry, here);
    if (state !== entry.state) await this.evictions.saw(grantId, entry.n, state);
    return { ...entry, state };
  }

  private async evict(grantId: string, entry: EvictionEntry, { write }: ClusterClients): Promise<EvictionEntry> {
    await this.evictions.sending(grantId, entry.n);
    const answer = afterAnswer(await write.send(entry.request, { grantId, timeoutMs: sendTimeoutMs }));
    if (!answer) return { ...entry, unanswered: true };
    const { state } = answer;
    const told = answer.told === undefined ? undefined : maskText(answer.told);
    await this.evictions.answered(grantId, entry.n, { state, told });
    return { ...entry, state, told };
  }
}

function stateSeen({ state, request }: EvictionEntry, here: OnNode): EvictionState {
  const pod = here.get(`${request.target.namespace ?? ''}/${request.target.name}`);
  if (pod?.uid !== evictedUid(request)) return 'gone';
  return pod.isEnding ? 'accepted' : state;
}
