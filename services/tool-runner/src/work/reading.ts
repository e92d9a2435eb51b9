import { Inject, Injectable } from '@nestjs/common';
import { ensureFailure, Failure } from '@skyflo/contracts';
import { Clock, CONFIG, Logger } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import type { ToolRunnerConfig } from '../config.ts';
import { capText } from '../domain/cap.ts';
import { grantProblem } from '../domain/grant.ts';
import { maskedView } from '../domain/masked-view.ts';
import { type Call, Calls, Clusters } from '../domain/ports.ts';
import { toolNamed } from '../tools/index.ts';
import type { Answer } from '../tools/tool.ts';
import { Closing } from './closing.ts';
import type { Effort } from './effort.ts';
import { withDeadline } from './deadline.ts';

/** Runs read tools. One that a crash interrupted is run again: looking twice does no harm. */
@Injectable()
export class Reading {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly closing: Closing,
    private readonly look: ReadTools,
  ) {}

  async run(call: Call, effort: Effort): Promise<void> {
    const began = performance.now();
    if (await this.calls.isRunStopped(call.runId)) return this.store.transaction((tx) => this.closing.cancel(tx, call));
    await this.calls.start(call.callId);
    const result = await this.look.read(call, effort).catch((error: unknown) => ensureFailure(error));
    // The process is ending, or the call was cancelled and is closed: in either case there is nothing to say here.
    if (effort.signal.aborted) return;
    const durationMs = performance.now() - began;
    await this.store.transaction(async (tx) => {
      if (result instanceof Failure) await this.closing.fail(tx, call, result, { durationMs });
      else
        await this.closing.finish(tx, call, {
          ...capText(result.text),
          ...(result.facts ? { facts: { ...result.facts } } : {}),
          durationMs,
        } as never);
    });
  }
}

/** The tools of class read, each with a read client and nothing else. */
@Injectable()
export class ReadTools {
  constructor(
    private readonly clusters: Clusters,
    private readonly clock: Clock,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: ToolRunnerConfig,
  ) {}

  async read(call: Call, { signal }: Effort): Promise<Answer> {
    const { requested, passed } = call;
    if (!requested || !passed) throw Failure.terminal('NotLetThrough', 'The gate has not let this call through.');
    const { tool: name, args } = requested.data;
    const tool = toolNamed(name);
    if (tool?.class !== 'read') throw Failure.terminal('ToolUnknown', `There is no tool "${name}" that reads.`);
    const now = call.startedAt ?? this.clock.now();
    const problem = grantProblem(passed.data, { tool: name, args, class: tool.class }, { planned: undefined, now });
    if (problem) throw problem;
    const { read } = await this.clusters.open(passed.data.cluster);
    const timeoutMs = this.config.callTimeoutSeconds * 1_000 + tool.waitsMs(args);
    return withDeadline({ tool: name, timeoutMs, signal, logger: this.logger }, async (until) =>
      tool.read(args, { cluster: maskedView(read), now: () => this.clock.now(), signal: until }),
    );
  }
}
