import { Inject, Injectable } from '@nestjs/common';
import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { Clock, CONFIG, Logger } from '@skyflo/service-kit';
import type { ToolRunnerConfig } from '../config.ts';
import { grantProblem } from '../domain/grant.ts';
import { withFingerprints } from '../domain/fingerprints.ts';
import { maskedCharts } from '../domain/helm/masked-charts.ts';
import { maskedReleases } from '../domain/helm/masked-releases.ts';
import { maskedView } from '../domain/masked-view.ts';
import { type Call, Clusters, KeyedDigest } from '../domain/ports.ts';
import { toolNamed } from '../tools/index.ts';
import type { Answer } from '../tools/tool.ts';
import { withDeadline } from './deadline.ts';
import type { Effort } from './effort.ts';
import { trialsWith } from './try-out.ts';

/** The tools that only look: those of class read with a read client and nothing else, previews with a plan client besides. */
@Injectable()
export class ReadTools {
  constructor(
    private readonly clusters: Clusters,
    private readonly digest: KeyedDigest,
    private readonly clock: Clock,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: ToolRunnerConfig,
  ) {}

  /** Whether the tool of a call may wait on purpose. */
  waits({ requested }: Call): boolean {
    const tool = requested && toolNamed(requested.data.tool);
    return tool?.class === 'read' && tool.mayWait;
  }

  async read(call: Call, { signal }: Effort): Promise<Answer> {
    const { requested, passed } = call;
    if (!requested || !passed) throw Failure.terminal('NotLetThrough', 'The gate has not let this call through.');
    const { tool: name, args } = requested.data;
    const tool = toolNamed(name);
    if (!tool) throw Failure.terminal('ToolUnknown', `There is no tool "${name}".`);
    const now = call.startedAt ?? this.clock.now();
    const problem = grantProblem(passed.data, { tool: name, args, class: tool.class }, { planned: undefined, now });
    if (problem) throw problem;
    if (tool.class === 'write') throw Failure.terminal('GrantMismatch', `${name} is no read.`);
    const clients = await this.clusters.open(passed.data.cluster);
    const { read, plan, access } = clients;
    const waitsMs = tool.class === 'read' ? tool.waitsMs(args) : 0;
    const timeoutMs = this.config.callTimeoutSeconds * 1_000 + waitsMs;
    return withDeadline({ tool: name, timeoutMs, signal, logger: this.logger }, async (until) => {
      const masked = { cluster: maskedView(read), releases: maskedReleases(clients.releases(read)) };
      const look = {
        access,
        ...masked,
        charts: maskedCharts(clients.charts),
        now: () => this.clock.now(),
        signal: until,
      };
      if (tool.class === 'read') return tool.read(args, look);
      // What is there has to be compared as it is; whatever a preview shows goes through `told`.
      return tool.preview(args, {
        ...look,
        cluster: read,
        ...trialsWith(plan, until),
        told: (object) => this.told(object),
      });
    });
  }

  private told(object: KubeObject): KubeObject {
    return withFingerprints(object, (value) => this.digest.of(value));
  }
}
