import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ensureFailure, Failure } from '@skyflo/contracts';
import type { ExecAnswer } from '@skyflo/kube';
import { maxTextBytes } from '../domain/cap.ts';
import { programOf } from '../domain/exec/program.ts';
import { execText, unfinishedText } from '../domain/exec/report.ts';
import { targetMoved } from '../domain/outcome.ts';
import { type Call, Calls, type ClusterClients, Clusters, type LedgerEntry } from '../domain/ports.ts';
import { targetOf } from '../domain/written.ts';
import type { Enacted } from './enacting.ts';
import type { Effort } from './effort.ts';
import { Writing } from './writing.ts';

const betweenLooksMs = 500;

/**
 * Runs an approved program in its container: at most once, because nothing could tell a second run from the first. Its
 * outcome is known only where its exit code was seen; whatever was begun and not seen to end is uncertain.
 */
@Injectable()
export class Running {
  constructor(
    private readonly clusters: Clusters,
    private readonly calls: Calls,
    private readonly writing: Writing,
  ) {}

  async run(call: Call, entry: LedgerEntry, effort: Effort): Promise<Enacted> {
    if (entry.state === 'executing')
      return { kind: 'uncertain', seen: 'It was begun, and the process that listened to it ended before it did.' };
    const clients = await this.clusters.open(entry.plan.cluster).catch((error: unknown) => ensureFailure(error));
    if (clients instanceof Failure) return { kind: 'not-done', failure: clients };
    const moved = await podMoved(entry, clients);
    if (moved) return { kind: 'not-done', failure: moved };
    const uid = entry.plan.requests[0]?.object.uid ?? '';
    await this.writing.begin(call, entry, { uid, resourceVersion: '', previousMark: null }, effort);
    return verdictOf(await this.exec(call, entry, { clients, effort }));
  }

  private async exec(
    call: Call,
    { grantId, request }: LedgerEntry,
    { clients, effort }: { readonly clients: ClusterClients; readonly effort: Effort },
  ): Promise<ExecAnswer> {
    const { container, command, timeoutMs } = programOf(request);
    const { namespace = '', name: pod } = request.target;
    const ended = new AbortController();
    const stopped = this.untilStopped(call.runId, ended.signal);
    const signal = AbortSignal.any([effort.signal, stopped]);
    try {
      return await clients.connect.exec(
        { namespace, pod, container, command },
        { grantId, timeoutMs, maxBytes: maxTextBytes, signal },
      );
    } finally {
      ended.abort();
    }
  }

  /** Aborted once somebody has stopped the run; looks no more when `ended` is. */
  private untilStopped(runId: string, ended: AbortSignal): AbortSignal {
    const stopped = new AbortController();
    const look = async () => {
      while (!ended.aborted) {
        if (await this.calls.isRunStopped(runId)) return stopped.abort();
        await sleep(betweenLooksMs, undefined, { signal: ended });
      }
    };
    // Ends by `ended`; a look that failed means that it is not stopped here, and its deadline still holds.
    look().catch(() => undefined);
    return stopped.signal;
  }
}

async function podMoved({ plan, request }: LedgerEntry, { read }: ClusterClients): Promise<Failure | undefined> {
  const target = targetOf(plan);
  const { namespace, name } = request.target;
  try {
    const { metadata } = await read.get(await read.discovery.resolve('pods'), { namespace, name });
    const isSame = metadata.uid === plan.requests[0]?.object.uid && metadata.deletionTimestamp === undefined;
    return isSame ? undefined : targetMoved(target, 'it is ending, or another pod has its name');
  } catch (error) {
    const failure = ensureFailure(error);
    return failure.code === 'NotFound' ? targetMoved(target, 'it is gone') : failure;
  }
}

function verdictOf(answer: ExecAnswer): Enacted {
  switch (answer.kind) {
    case 'ended': {
      const { exitCode, output } = answer;
      return { kind: 'told', text: execText(exitCode, output), facts: { exitCode } };
    }
    case 'refused':
    case 'unsent':
      return { kind: 'not-done', failure: answer.failure };
    case 'unknown':
      return { kind: 'uncertain', seen: unfinishedText(answer.failure.message, answer.output) };
  }
}
