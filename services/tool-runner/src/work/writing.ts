import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { assertNever, ensureFailure, Failure, ToolStarted } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import type { WriteAnswer } from '@skyflo/kube';
import { assertLease, Store } from '@skyflo/store';
import { setTimeout as sleep } from 'node:timers/promises';
import { decideApply } from '../domain/application.ts';
import { bound } from '../domain/apply-body.ts';
import { markOf } from '../domain/drift.ts';
import { decideDeletion } from '../domain/deletion.ts';
import {
  type After,
  decideOutcome,
  type Evidence,
  type Seen,
  type Verdict,
  type WriteAhead,
} from '../domain/outcome.ts';
import { approvedChanges } from '../domain/plan.ts';
import { type Call, type ClusterClients, Clusters, Ledger, type LedgerEntry } from '../domain/ports.ts';
import { targetOf } from '../domain/written.ts';
import { after, idOf } from './closing.ts';
import type { Effort } from './effort.ts';
import { LastLook, type Looked, sendTimeoutMs } from './last-look.ts';
import { look } from './look.ts';

const betweenTriesMs = 250;

type Tries = { readonly effort: Effort; readonly unanswered: boolean; readonly answer?: WriteAnswer };

/** Sends one claimed request and decides what became of it. Everything that touches the cluster with a grant is in this file. */
@Injectable()
export class Writing {
  constructor(
    private readonly store: Store,
    private readonly ledger: Ledger,
    private readonly clusters: Clusters,
    private readonly lastLook: LastLook,
    private readonly clock: Clock,
  ) {}

  async write(call: Call, entry: LedgerEntry, effort: Effort): Promise<Verdict> {
    const clients = await this.clusters.open(entry.plan.cluster).catch((error: unknown) => ensureFailure(error));
    if (clients instanceof Failure) return this.withoutCluster(entry, clients);
    let current = entry;
    if (entry.state === 'executing') {
      const verdict = await this.decide(entry, clients, { effort, unanswered: true });
      if (verdict.kind !== 'again') return verdict;
    }
    for (;;) {
      const looked = await this.lastLook.take(current, clients);
      if ('kind' in looked) return looked;
      current = await this.begin(call, current, looked, effort);
      const answer = await this.send(current, clients);
      const verdict = await this.decide(current, clients, { effort, unanswered: false, answer });
      if (verdict.kind !== 'again' || effort.signal.aborted) return verdict;
    }
  }

  /** Writes ahead: from here on the request may have been sent. */
  async begin(call: Call, entry: LedgerEntry, seen: Looked, { lease }: Effort): Promise<LedgerEntry> {
    const grant = call.passed?.data.grant;
    if (!grant) throw Failure.terminal('GrantMissing', 'A write needs a grant.');
    const writeAhead = toWriteAhead(entry, seen);
    const isFirst = entry.state === 'claimed' && entry.step === 0;
    await this.store.transaction(async (tx) => {
      await assertLease(tx, lease);
      await this.ledger.writeAhead(tx, entry.mark, writeAhead);
      if (!isFirst) return;
      await tx.emit(ToolStarted, {
        ...after(call, ToolStarted.type),
        data: { callId: idOf(call), grantId: grant.grantId },
      });
    });
    return { ...entry, state: 'executing', writeAhead, sends: entry.sends + 1, lastSentAt: this.clock.now() };
  }

  /** Not ended by a stop or a shutdown: a request on its way is waited for, or its outcome would have to be guessed. */
  private async send(
    { request, mark, grantId, writeAhead }: LedgerEntry,
    { write }: ClusterClients,
  ): Promise<WriteAnswer> {
    if (!writeAhead) throw Failure.terminal('LedgerBroken', `${mark} is sent without a write-ahead.`);
    return write.send(bound(request, writeAhead), { grantId, timeoutMs: sendTimeoutMs });
  }

  private async decide(entry: LedgerEntry, clients: ClusterClients, start: Tries): Promise<Verdict> {
    let { unanswered, answer } = start;
    let { sends, lastSentAt } = entry;
    for (;;) {
      const told = toldOf(answer, entry);
      if (told) return { kind: 'done', after: this.shown(told) };
      unanswered ||= answer?.kind === 'unknown';
      const seen = this.shown(await look(entry, clients.read));
      const evidence = this.evidence(entry, { answer, unanswered, seen, sends, sinceSentMs: this.since(lastSentAt) });
      const verdict = decideBy(entry, evidence);
      if (verdict.kind !== 'send' || start.effort.signal.aborted) return verdict;
      await sleep(betweenTriesMs * Math.min(sends, 8));
      await this.ledger.sending(entry.mark);
      sends += 1;
      lastSentAt = this.clock.now();
      answer = await this.send(entry, clients);
    }
  }

  private evidence(
    { mark, plan, writeAhead }: LedgerEntry,
    {
      answer,
      ...known
    }: Pick<Evidence, 'unanswered' | 'seen' | 'sends' | 'sinceSentMs'> & {
      readonly answer: WriteAnswer | undefined;
    },
  ): Evidence {
    if (!writeAhead) throw Failure.terminal('LedgerBroken', `${mark} is executing without a write-ahead.`);
    const refusal = answer?.kind === 'refused' ? { status: answer.status, failure: answer.failure } : undefined;
    return { ...known, mark, target: targetOf(plan), writeAhead, changes: approvedChanges(plan), refusal };
  }

  private shown<T extends Seen | After>(seen: T): T {
    return seen.kind === 'object' ? { ...seen, object: this.lastLook.told(seen.object) } : seen;
  }

  private withoutCluster(entry: LedgerEntry, failure: Failure): Verdict {
    return entry.state === 'claimed' ? { kind: 'not-done', failure } : { kind: 'wait', why: failure.message };
  }

  private since(sentAt: Date | undefined): number {
    return sentAt === undefined ? 0 : this.clock.now().getTime() - sentAt.getTime();
  }
}

function toWriteAhead({ request }: LedgerEntry, seen: Looked): WriteAhead {
  const { body } = bound(request, seen);
  return { ...seen, bytesSha256: createHash('sha256').update(body).digest('hex') };
}

function decideBy({ request: { verb } }: LedgerEntry, evidence: Evidence): Verdict {
  switch (verb) {
    case 'delete':
      return decideDeletion(evidence);
    case 'apply':
      return decideApply(evidence);
    case 'create':
    case 'patch':
      return decideOutcome(evidence);
    default:
      return assertNever(verb);
  }
}

/** What the API server itself answered, where that settles it. */
function toldOf(answer: WriteAnswer | undefined, { request, mark }: LedgerEntry): After | undefined {
  if (answer?.kind === 'deleted') return { kind: 'gone', byUs: true };
  if (answer?.kind !== 'accepted') return undefined;
  const isOurs = request.verb === 'delete' || markOf(answer.object) === mark;
  return isOurs ? { kind: 'object', object: answer.object } : undefined;
}
