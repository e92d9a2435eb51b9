import { Inject, Injectable } from '@nestjs/common';
import { argsDigest, ensureFailure, Failure, type Plan, planDigest, ToolPlanned } from '@skyflo/contracts';
import { Clock, CONFIG, Logger } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import type { ToolRunnerConfig } from '../config.ts';
import { contextOf } from '../domain/drift.ts';
import { requestOf, toPlan } from '../domain/plan.ts';
import { type Call, Calls, Clusters, KeyedDigest, Ledger, type LedgerEntry } from '../domain/ports.ts';
import { toolNamed } from '../tools/index.ts';
import { after, Closing, idOf } from './closing.ts';
import { withDeadline } from './deadline.ts';
import type { Effort } from './effort.ts';

export type Planned = Pick<LedgerEntry, 'plan' | 'request' | 'contextDigest' | 'checks'>;

/** Finds out what a write would send and change, by reading and by a dry run; nothing is changed. */
@Injectable()
export class Planning {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly ledger: Ledger,
    private readonly closing: Closing,
    private readonly planner: WriteTools,
  ) {}

  async run(call: Call, effort: Effort): Promise<void> {
    const began = performance.now();
    const planned = await this.planner.plan(call, effort).catch((error: unknown) => ensureFailure(error));
    if (effort.signal.aborted) return;
    await this.store.transaction(async (tx) => {
      if (planned instanceof Failure)
        return this.closing.fail(tx, call, planned, { durationMs: performance.now() - began });
      const { planRequested } = call;
      if (!planRequested) return undefined;
      const { revision, grantId } = planRequested.data;
      await this.calls.planned(tx, call.callId, revision);
      await this.ledger.add(tx, { grantId, callId: call.callId, planDigest: planDigest(planned.plan), ...planned });
      const data = { callId: idOf(call), revision, plan: planned.plan };
      await tx.emit(ToolPlanned, { ...after(call, ToolPlanned.type, planRequested), data });
      return undefined;
    });
  }
}

/** The tools of class write as far as they plan: a read client to look, a plan client that can only dry-run. */
@Injectable()
export class WriteTools {
  constructor(
    private readonly clusters: Clusters,
    private readonly digest: KeyedDigest,
    private readonly clock: Clock,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: ToolRunnerConfig,
  ) {}

  async plan(call: Call, { signal }: Effort): Promise<Planned> {
    const { requested, planRequested } = call;
    if (!requested || !planRequested) throw Failure.terminal('NothingToPlan', 'Nobody asked for a plan of this call.');
    const { tool: name, args } = requested.data;
    const { cluster, grantId, ...asked } = planRequested.data;
    if (asked.tool !== name || asked.argsDigest !== argsDigest(args)) {
      throw Failure.terminal('PlanMismatch', 'The gate wants another call planned than the one that was asked for.');
    }
    const tool = toolNamed(name);
    if (tool?.class !== 'write') throw Failure.terminal('ToolUnknown', `There is no tool "${name}" that writes.`);
    const timeoutMs = this.config.callTimeoutSeconds * 1_000;
    return withDeadline({ tool: name, timeoutMs, signal, logger: this.logger }, async (until) => {
      const clients = await this.clusters.open(cluster);
      const draft = await tool.plan(args, { cluster: clients.read, now: () => this.clock.now(), signal: until });
      const request = requestOf(draft, grantId);
      const answer = await clients.plan.dryRun(request, { signal: until });
      if (answer.kind !== 'accepted') throw answer.failure;
      const head = {
        cluster,
        tool: name,
        argsDigest: asked.argsDigest,
        grantId,
        guardLevel: await clients.guardLevel(),
      };
      const dryRun = { request, bytesDigest: this.digest.of(request.body), after: answer.object };
      const plan: Plan = toPlan(head, draft, dryRun);
      return { plan, request, contextDigest: this.digest.of(contextOf(draft.live)), checks: draft.checks };
    });
  }
}
