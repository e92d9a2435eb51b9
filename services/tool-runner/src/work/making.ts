import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ensureFailure, Failure } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import type { WriteAnswer } from '@skyflo/kube';
import { decideCreation } from '../domain/creation.ts';
import type { Verdict } from '../domain/outcome.ts';
import { type Call, type ClusterClients, Clusters, Ledger, type LedgerEntry } from '../domain/ports.ts';
import { targetOf } from '../domain/written.ts';
import type { Effort } from './effort.ts';
import { look } from './look.ts';
import { Writing } from './writing.ts';

const sendTimeoutMs = 30_000;
const betweenTriesMs = 250;

/** Makes an approved object, at most once: under a name that only this grant gives. */
@Injectable()
export class Making {
  constructor(
    private readonly clusters: Clusters,
    private readonly ledger: Ledger,
    private readonly writing: Writing,
    private readonly clock: Clock,
  ) {}

  async make(call: Call, entry: LedgerEntry, effort: Effort): Promise<Verdict> {
    const clients = await this.clusters.open(entry.plan.cluster).catch((error: unknown) => ensureFailure(error));
    if (clients instanceof Failure)
      return entry.state === 'claimed'
        ? { kind: 'not-done', failure: clients }
        : { kind: 'wait', why: clients.message };
    if (entry.state === 'executing') return this.decide(entry, clients, effort, { unanswered: true });
    const refused = await tryAgain(entry, clients);
    if (refused) return { kind: 'not-done', failure: refused };
    await this.writing.begin(call, entry, { uid: '', resourceVersion: '', previousMark: null }, effort);
    const sent = { ...entry, sends: 1, lastSentAt: this.clock.now() };
    return this.decide(sent, clients, effort, { unanswered: false, answer: await send(entry, clients) });
  }

  private async decide(
    { grantId, plan, ...entry }: LedgerEntry,
    clients: ClusterClients,
    { signal }: Effort,
    start: { readonly unanswered: boolean; readonly answer?: WriteAnswer },
  ): Promise<Verdict> {
    let { unanswered, answer } = start;
    let { sends, lastSentAt } = entry;
    for (;;) {
      unanswered ||= answer?.kind === 'unknown';
      const seen = await look({ grantId, plan, ...entry }, clients.read);
      const sinceSentMs = lastSentAt === undefined ? 0 : this.clock.now().getTime() - lastSentAt.getTime();
      const target = targetOf(plan);
      const verdict = decideCreation({ grantId, target, answer, seen, unanswered, sends, sinceSentMs });
      if (verdict.kind !== 'send' || signal.aborted) return verdict;
      await sleep(betweenTriesMs * Math.min(sends, 8));
      await this.ledger.sending(grantId);
      sends += 1;
      lastSentAt = this.clock.now();
      answer = await send({ grantId, plan, ...entry }, clients);
    }
  }
}

/** Not ended by a stop or a shutdown: a request on its way is waited for, or its outcome would have to be guessed. */
async function send({ request, grantId }: LedgerEntry, { write }: ClusterClients): Promise<WriteAnswer> {
  return write.send(request, { grantId, timeoutMs: sendTimeoutMs });
}

/** Before the first byte: would the cluster still make it? A name that is taken is refused here already. */
async function tryAgain({ request }: LedgerEntry, { plan }: ClusterClients): Promise<Failure | undefined> {
  const answer = await plan.dryRun(request, { timeoutMs: sendTimeoutMs });
  return 'failure' in answer ? answer.failure : undefined;
}
