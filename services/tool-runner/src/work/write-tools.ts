import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { argsDigest, Failure, type Plan } from '@skyflo/contracts';
import { Clock, CONFIG, Logger } from '@skyflo/service-kit';
import type { ToolRunnerConfig } from '../config.ts';
import { requestsOf, withEvictions } from '../domain/drain/planned.ts';
import { contextOf } from '../domain/drift.ts';
import { requestOf, toPlan } from '../domain/plan.ts';
import { type Call, Clusters, KeyedDigest, type NewLedgerEntry } from '../domain/ports.ts';
import { toolNamed } from '../tools/index.ts';
import { tryOutWith } from './try-out.ts';
import { withDeadline } from './deadline.ts';
import type { Effort } from './effort.ts';

/** Of hex digits: enough to tell the grants of one name apart, which would only be refused. */
const suffixLength = 8;

export type Planned = Pick<NewLedgerEntry, 'plan' | 'request' | 'contextDigest' | 'checks' | 'evictions'>;

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
      const { read, access } = clients;
      const releases = clients.releases(read);
      const tryOut = tryOutWith(clients.plan, until);
      const suffix = createHash('sha256').update(grantId).digest('hex').slice(0, suffixLength);
      const look = { cluster: read, access, releases, tryOut, suffix, now: () => this.clock.now(), signal: until };
      const draft = await tool.plan(args, look);
      const request = requestOf(draft, grantId);
      // A program cannot be tried out: the API server knows no dry run of it.
      const answer = 'program' in draft ? undefined : await clients.plan.dryRun(request, { signal: until });
      if (answer && 'failure' in answer) throw answer.failure;
      const after = answer?.kind === 'accepted' ? answer.object : undefined;
      const head = {
        cluster,
        tool: name,
        argsDigest: asked.argsDigest,
        grantId,
        guardLevel: await clients.guardLevel(),
      };
      const keyed = (value: string) => this.digest.of(value);
      const dryRun = { request, bytesDigest: keyed(request.body), after, keyed };
      const plan: Plan = toPlan(head, draft, dryRun);
      const contextDigest = this.digest.of(contextOf(draft.live));
      const planned = { request, contextDigest, checks: draft.checks };
      const evictions = 'evictions' in draft ? draft.evictions : undefined;
      if (!evictions) return { plan, ...planned };
      const withinMs = evictions.withinSeconds * 1_000;
      return {
        plan: withEvictions(plan, evictions, keyed),
        ...planned,
        evictions: { requests: requestsOf(evictions), withinMs },
      };
    });
  }
}
