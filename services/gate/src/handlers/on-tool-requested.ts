import { Controller, Inject } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import {
  argsDigest,
  assertNever,
  GatePassed,
  GateRefused,
  grantIdOf,
  ToolPlanRequested,
  ToolRequested,
} from '@skyflo/contracts';
import { Clock, CONFIG } from '@skyflo/service-kit';
import { Store, type Tx } from '@skyflo/store';
import type { GateConfig } from '../config.ts';
import { judge } from '../domain/policies/index.ts';
import { Calls, type CallState, ToolDirectory } from '../domain/ports.ts';
import type { Verdict } from '../domain/verdict.ts';
import { after } from './emission.ts';

/** A tool is wanted: let it through, have it planned, or refuse it. Redelivery finds the call's row and does nothing. */
@Controller()
export class OnToolRequested {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly directory: ToolDirectory,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: GateConfig,
  ) {}

  @OnEvent(ToolRequested)
  async handle(event: ToolRequested): Promise<void> {
    const { tool, requestedBy } = event.data;
    const { tools, clusters } = await this.directory.look(tool);
    const cluster = event.data.cluster ?? clusters[0]?.name;
    const description = tools.find((known) => known.name === tool);
    const verdict = judge({ tool, requestedBy, cluster, description, clusters });
    await this.store.transaction(async (tx) => {
      const ended = await this.calls.isRunEnded(tx, event.runid ?? '');
      const isNew = await this.calls.add(tx, toCall(event, cluster, ended ? 'refused' : stateAfter(verdict)));
      if (!isNew) return;
      if (ended) await refuse(tx, event, { why: 'withdrawn', message: 'The run had ended. Nothing was done.' });
      else await this.follow(tx, event, { verdict, cluster: cluster ?? '', toolClass: description?.class ?? 'write' });
    });
  }

  private async follow(
    tx: Tx,
    event: ToolRequested,
    { verdict, cluster, toolClass }: { verdict: Verdict; cluster: string; toolClass: GatePassed['data']['class'] },
  ): Promise<void> {
    const { callId, tool, args } = event.data;
    const about = { callId, tool, cluster, argsDigest: argsDigest(args) };
    switch (verdict.kind) {
      case 'refuse':
        return refuse(tx, event, { why: 'policy', message: verdict.message, policy: verdict.policy });
      case 'pass': {
        const expiresAt = new Date(this.clock.now().getTime() + this.config.grantExpiresSeconds * 1000).toISOString();
        await tx.emit(GatePassed, {
          ...after(event, GatePassed),
          data: { ...about, class: toolClass, expiresAt, policy: verdict.policy },
        });
        return;
      }
      case 'require': {
        const revision = 1;
        const data = { ...about, revision, grantId: grantIdOf(callId, revision) };
        await tx.emit(ToolPlanRequested, { ...after(event, ToolPlanRequested), data });
        return;
      }
      default:
        return assertNever(verdict);
    }
  }
}

async function refuse(tx: Tx, event: ToolRequested, data: Omit<GateRefused['data'], 'callId'>): Promise<void> {
  await tx.emit(GateRefused, { ...after(event, GateRefused), data: { callId: event.data.callId, ...data } });
}

function stateAfter(verdict: Verdict): CallState {
  return verdict.kind === 'pass' ? 'passed' : verdict.kind === 'require' ? 'planning' : 'refused';
}

function toCall(event: ToolRequested, cluster: string | undefined, state: CallState) {
  const { callId, tool, args, requestedBy, afterUntrustedText } = event.data;
  return {
    callId,
    conversationId: event.conversationid ?? '',
    runId: event.runid ?? '',
    tool,
    cluster: cluster ?? '',
    argsDigest: argsDigest(args),
    requestedBy,
    afterUntrustedText,
    state,
  };
}
