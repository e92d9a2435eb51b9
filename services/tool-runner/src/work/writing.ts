import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ensureFailure, Failure, ToolStarted } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import type { KubeObject, WriteAnswer } from '@skyflo/kube';
import { assertLease, Store } from '@skyflo/store';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeList, sameChanges } from '../domain/change-list.ts';
import { contextOf, markOf } from '../domain/drift.ts';
import { decideDeletion } from '../domain/deletion.ts';
import { withFingerprints } from '../domain/fingerprints.ts';
import {
  type After,
  decideOutcome,
  type Evidence,
  type Seen,
  targetMoved,
  type Verdict,
  type WriteAhead,
} from '../domain/outcome.ts';
import { approvedChanges } from '../domain/plan.ts';
import { type Call, type ClusterClients, Clusters, KeyedDigest, Ledger, type LedgerEntry } from '../domain/ports.ts';
import { targetOf } from '../domain/written.ts';
import { after, idOf } from './closing.ts';
import type { Effort } from './effort.ts';

const sendTimeoutMs = 30_000;
const betweenTriesMs = 250;

/** The object as it was right before the first byte. */
type Looked = Omit<WriteAhead, 'bytesSha256'>;

/** Sends one claimed write and decides what became of it. Everything that touches the cluster with a grant is in this file. */
@Injectable()
export class Writing {
  constructor(
    private readonly store: Store,
    private readonly ledger: Ledger,
    private readonly clusters: Clusters,
    private readonly digest: KeyedDigest,
    private readonly clock: Clock,
  ) {}

  async write(call: Call, entry: LedgerEntry, effort: Effort): Promise<Verdict> {
    const clients = await this.clusters.open(entry.plan.cluster).catch((error: unknown) => ensureFailure(error));
    if (clients instanceof Failure) return this.withoutCluster(entry, clients);
    if (entry.state === 'executing') return this.decide(entry, clients, { effort, unanswered: true });
    const looked = await this.lookAgain(entry, clients);
    if ('kind' in looked) return looked;
    const writeAhead = await this.begin(call, entry, looked, effort);
    const sent: LedgerEntry = {
      ...entry,
      state: 'executing',
      writeAhead,
      sends: 1,
      lastSentAt: this.clock.now(),
    };
    const answer = await this.send(sent, clients);
    return this.decide(sent, clients, { effort, unanswered: false, answer });
  }

  /** Before the first byte: is the object what it was, and does the very same request still do what was approved? */
  private async lookAgain(entry: LedgerEntry, { read, plan }: ClusterClients): Promise<Looked | Verdict> {
    const { request } = entry;
    const target = targetOf(entry.plan);
    // Side by side: an object that changes between the two is seen in either of them, and refused.
    const [seen, answer] = await Promise.all([look(entry, read), plan.dryRun(request, { timeoutMs: sendTimeoutMs })]);
    if (seen.kind === 'unknown') return unreachable(seen.why);
    if (seen.kind === 'gone') return moved(target, 'it is gone');
    const { object } = seen;
    const how = this.movedSince(entry, object);
    if (how) return moved(target, how);
    if (answer.kind === 'refused') {
      return answer.status === 422 || answer.status === 409
        ? moved(target, answer.failure.message)
        : { kind: 'not-done', failure: answer.failure };
    }
    if ('failure' in answer) return unreachable(answer.failure.message);
    if (
      answer.kind === 'accepted' &&
      request.verb !== 'delete' &&
      !sameChanges(changeList(this.told(object), this.told(answer.object)), approvedChanges(entry.plan))
    ) {
      return moved(target, 'the cluster would now change something else as well');
    }
    const { uid, resourceVersion, generation } = object.metadata;
    return {
      uid: uid ?? '',
      resourceVersion: resourceVersion ?? '',
      generation,
      previousMark: markOf(object),
    };
  }

  /** A change is for the object as it was shown; a delete is for this one object, whatever controllers did to it since. */
  private movedSince({ request, plan, contextDigest }: LedgerEntry, object: KubeObject): string | undefined {
    if (request.verb !== 'delete')
      return this.digest.of(contextOf(object)) === contextDigest ? undefined : 'somebody else changed it';
    if (object.metadata.uid !== plan.requests[0]?.object.uid) return 'another object has its name now';
    return object.metadata.deletionTimestamp === undefined ? undefined : 'somebody else is deleting it already';
  }

  /** Writes ahead: from here on the request may have been sent. */
  async begin(call: Call, { grantId, request }: LedgerEntry, seen: Looked, { lease }: Effort): Promise<WriteAhead> {
    const ahead: WriteAhead = { ...seen, bytesSha256: createHash('sha256').update(request.body).digest('hex') };
    const grant = call.passed?.data.grant;
    if (!grant) throw Failure.terminal('GrantMissing', 'A write needs a grant.');
    await this.store.transaction(async (tx) => {
      await assertLease(tx, lease);
      await this.ledger.writeAhead(tx, grantId, ahead);
      await tx.emit(ToolStarted, {
        ...after(call, ToolStarted.type),
        data: { callId: idOf(call), grantId: grant.grantId },
      });
    });
    return ahead;
  }

  /** Not ended by a stop or a shutdown: a request on its way is waited for, or its outcome would have to be guessed. */
  private async send({ request, grantId }: LedgerEntry, { write }: ClusterClients): Promise<WriteAnswer> {
    return write.send(request, { grantId, timeoutMs: sendTimeoutMs });
  }

  private async decide(
    entry: LedgerEntry,
    clients: ClusterClients,
    start: { readonly effort: Effort; readonly unanswered: boolean; readonly answer?: WriteAnswer },
  ): Promise<Verdict> {
    let { unanswered, answer } = start;
    let { sends, lastSentAt } = entry;
    for (;;) {
      const told = toldOf(answer, entry);
      if (told) return { kind: 'done', after: this.shown(told) };
      unanswered ||= answer?.kind === 'unknown';
      const seen = this.shown(await look(entry, clients.read));
      const evidence = {
        ...this.evidence(entry, { answer, unanswered, seen }),
        sends,
        sinceSentMs: this.since(lastSentAt),
      };
      const verdict = entry.request.verb === 'delete' ? decideDeletion(evidence) : decideOutcome(evidence);
      if (verdict.kind !== 'send' || start.effort.signal.aborted) return verdict;
      await sleep(betweenTriesMs * Math.min(sends, 8));
      await this.ledger.sending(entry.grantId);
      sends += 1;
      lastSentAt = this.clock.now();
      answer = await this.send(entry, clients);
    }
  }

  private evidence(
    { grantId, plan, writeAhead }: LedgerEntry,
    { answer, unanswered, seen }: { answer: WriteAnswer | undefined; unanswered: boolean; seen: Seen },
  ): Omit<Evidence, 'sends' | 'sinceSentMs'> {
    if (!writeAhead) throw Failure.terminal('LedgerBroken', `Grant ${grantId} is executing without a write-ahead.`);
    const refusal = answer?.kind === 'refused' ? { status: answer.status, failure: answer.failure } : undefined;
    return { grantId, target: targetOf(plan), writeAhead, changes: approvedChanges(plan), seen, refusal, unanswered };
  }

  /** As plans show it: what was approved names secret values by their fingerprints. */
  private told(object: KubeObject): KubeObject {
    return withFingerprints(object, (value) => this.digest.of(value));
  }

  private shown<T extends Seen | After>(seen: T): T {
    return seen.kind === 'object' ? { ...seen, object: this.told(seen.object) } : seen;
  }

  private withoutCluster(entry: LedgerEntry, failure: Failure): Verdict {
    return entry.state === 'claimed' ? { kind: 'not-done', failure } : { kind: 'wait', why: failure.message };
  }

  private since(sentAt: Date | undefined): number {
    return sentAt === undefined ? 0 : this.clock.now().getTime() - sentAt.getTime();
  }
}

/** What the API server itself answered, where that settles it. */
function toldOf(answer: WriteAnswer | undefined, { request, grantId }: LedgerEntry): After | undefined {
  if (answer?.kind === 'deleted') return { kind: 'gone', byUs: true };
  if (answer?.kind !== 'accepted') return undefined;
  const isOurs = request.verb === 'delete' || markOf(answer.object) === grantId;
  return isOurs ? { kind: 'object', object: answer.object } : undefined;
}

export async function look({ request }: LedgerEntry, read: ClusterClients['read']): Promise<Seen> {
  const { target } = request;
  try {
    const type = await read.discovery.resolve(
      target.group === '' ? target.resource : `${target.resource}.${target.group}`,
    );
    const object: KubeObject = await read.get(type, { namespace: target.namespace, name: target.name });
    return { kind: 'object', object };
  } catch (error) {
    const failure = ensureFailure(error);
    return failure.code === 'NotFound' ? { kind: 'gone' } : { kind: 'unknown', why: failure.message };
  }
}

/** Nothing was sent yet, so there is nothing to find out: better said than waited for. */
function unreachable(why: string): Verdict {
  return { kind: 'not-done', failure: Failure.terminal('ClusterUnreachable', `${why} Nothing was written.`) };
}

function moved(target: string, how: string): Verdict {
  return { kind: 'not-done', failure: targetMoved(target, how) };
}
