import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { argsDigest, Failure } from '@skyflo/contracts';
import { Clock, CONFIG, Logger } from '@skyflo/service-kit';
import type { ToolRunnerConfig } from '../config.ts';
import { requestsOf, withEvictions } from '../domain/drain/planned.ts';
import { contextOf } from '../domain/drift.ts';
import { type Part, partsOf } from '../domain/draft.ts';
import { toReleasePlan } from '../domain/helm/release-draft.ts';
import { requestOf, toPlan, type Tried } from '../domain/plan.ts';
import { type Call, type ClusterClients, Clusters, KeyedDigest, type PlannedGrant } from '../domain/ports.ts';
import { markOfStep } from '../domain/step.ts';
import { toolNamed } from '../tools/index.ts';
import { withDeadline } from './deadline.ts';
import type { Effort } from './effort.ts';
import { trialsWith } from './try-out.ts';

/** Of hex digits: enough to tell the grants of one name apart, which would only be refused. */
const suffixLength = 8;

export type Planned = Pick<PlannedGrant, 'plan' | 'requests' | 'evictions'>;

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
      const look = {
        cluster: read,
        access,
        releases: clients.releases(read),
        charts: clients.charts,
        ...trialsWith(clients.plan, until),
        suffix: createHash('sha256').update(grantId).digest('hex').slice(0, suffixLength),
        now: () => this.clock.now(),
        signal: until,
      };
      const keyed = (value: string) => this.digest.of(value);
      const guardLevel = await clients.guardLevel();
      const head = { cluster, tool: name, argsDigest: asked.argsDigest, grantId, guardLevel };
      if ('planRelease' in tool)
        return toReleasePlan(head, await tool.planRelease(args, { ...look, helm: clients.helm, keyed }), keyed);
      const draft = await tool.plan(args, look);
      const parts = partsOf(draft);
      const tried: Tried[] = [];
      for (const [step, part] of parts.entries())
        tried.push(await this.tryOut(part, markOfStep(grantId, step), clients, until));
      const plan = toPlan(head, draft, tried, keyed);
      const requests = tried.map(({ part, request }, step) => ({
        request,
        contextDigest: part.live === undefined ? '' : keyed(contextOf(part.live)),
        checks: parts[step]?.checks ?? [],
      }));
      const evictions = 'evictions' in draft ? draft.evictions : undefined;
      if (!evictions) return { plan, requests };
      const withinMs = evictions.withinSeconds * 1_000;
      return {
        plan: withEvictions(plan, evictions, keyed),
        requests,
        evictions: { requests: requestsOf(evictions), withinMs },
      };
    });
  }

  private async tryOut(part: Part, mark: string, { plan }: ClusterClients, signal: AbortSignal): Promise<Tried> {
    const request = requestOf(part, mark);
    // A program cannot be tried out: the API server knows no dry run of it.
    const answer = 'program' in part ? undefined : await plan.dryRun(request, { signal });
    if (answer && 'failure' in answer) throw answer.failure;
    const after = answer?.kind === 'accepted' ? answer.object : undefined;
    return { part, mark, request, bytesDigest: this.digest.of(request.body), after };
  }
}
