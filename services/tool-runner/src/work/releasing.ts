import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ensureFailure, Failure, ToolStarted } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { assertLease, Store } from '@skyflo/store';
import { type ChartOperation, nextRevision, Operation } from '../domain/helm/operation.ts';
import { renderedText, stateOf } from '../domain/helm/release-draft.ts';
import { decideRelease, type ReleaseEvidence } from '../domain/helm/release-outcome.ts';
import type { Releases, StoredRevision } from '../domain/helm/release.ts';
import type { Ended } from '../domain/helm/writer.ts';
import { targetMoved, type Verdict } from '../domain/outcome.ts';
import { type Call, type ClusterClients, Clusters, KeyedDigest, Ledger, type LedgerEntry } from '../domain/ports.ts';
import { targetOf } from '../domain/written.ts';
import { after, idOf } from './closing.ts';
import type { Effort } from './effort.ts';

const lookMs = 60_000;
/** Nothing is waited for but hooks, which have three minutes each. */
const helmMs = 8 * 60_000;

/**
 * Has Helm carry out one granted operation and finds out what became of it, by the revisions that Helm stores. Helm is started
 * once: a second start would be another revision. One that a crash left without a parent goes on by itself, and is waited for.
 */
@Injectable()
export class Releasing {
  constructor(
    private readonly store: Store,
    private readonly ledger: Ledger,
    private readonly clusters: Clusters,
    private readonly digest: KeyedDigest,
    private readonly clock: Clock,
  ) {}

  async write(call: Call, entry: LedgerEntry, effort: Effort): Promise<Verdict> {
    const operation = Operation.parse(JSON.parse(entry.request.body));
    const clients = await this.clusters.open(entry.plan.cluster).catch((error: unknown) => ensureFailure(error));
    const isBegun = entry.state === 'executing';
    if (clients instanceof Failure)
      return isBegun ? { kind: 'wait', why: clients.message } : { kind: 'not-done', failure: clients };
    if (isBegun) return this.decide(entry, operation, clients, undefined);
    const objection = await this.lookAgain(entry, operation, clients).catch((error: unknown) => ensureFailure(error));
    if (objection) return { kind: 'not-done', failure: objection };
    await this.writeAhead(call, entry, effort);
    // Not ended by a stop or a shutdown: what was begun is carried through, or its outcome would have to be guessed.
    const ended = await clients.helm
      .carryOut(operation, entry.grantId, AbortSignal.timeout(helmMs))
      .catch((error: unknown): Ended => ({ ok: false, words: ensureFailure(error).message }));
    return this.decide(entry, operation, clients, ended);
  }

  /** Is the release what it was, and would the chart still make what was approved? */
  private async lookAgain(
    entry: LedgerEntry,
    operation: Operation,
    clients: ClusterClients,
  ): Promise<Failure | undefined> {
    const signal = AbortSignal.timeout(lookMs);
    const target = targetOf(entry.plan);
    const releases = clients.releases(clients.read);
    const [newest] = await storedOf(releases, operation, signal);
    if (this.digest.of(stateOf(newest)) !== entry.contextDigest)
      return targetMoved(target, 'its newest revision is another one now');
    if (operation.kind === 'uninstall') return undefined;
    const rendered = await this.rendered(operation, { clients, releases, signal });
    return rendered === operation.rendered
      ? undefined
      : targetMoved(target, 'what it would be made of is something else now');
  }

  private async rendered(
    operation: Exclude<Operation, { kind: 'uninstall' }>,
    { clients, releases, signal }: { clients: ClusterClients; releases: Releases; signal: AbortSignal },
  ): Promise<string> {
    if (operation.kind === 'rollback') {
      const back = await releases.get({ ...operation, revision: operation.to }, signal);
      return this.digest.of(renderedText(back));
    }
    return this.renderedAnew(operation, clients, signal);
  }

  private async renderedAnew(operation: ChartOperation, { helm }: ClusterClients, signal: AbortSignal) {
    const { sha256, ...ref } = operation;
    const made = await helm.prepare(ref, operation, signal);
    if (made.sha256 !== sha256) return 'another package';
    return this.digest.of(renderedText(made.first));
  }

  private async writeAhead(call: Call, { grantId, request }: LedgerEntry, { lease }: Effort): Promise<void> {
    const grant = call.passed?.data.grant;
    if (!grant) throw Failure.terminal('GrantMissing', 'A write needs a grant.');
    const bytesSha256 = createHash('sha256').update(request.body).digest('hex');
    await this.store.transaction(async (tx) => {
      await assertLease(tx, lease);
      await this.ledger.writeAhead(tx, grantId, { uid: '', resourceVersion: '', previousMark: null, bytesSha256 });
      const data = { callId: idOf(call), grantId: grant.grantId };
      await tx.emit(ToolStarted, { ...after(call, ToolStarted.type), data });
    });
  }

  private async decide(
    entry: LedgerEntry,
    operation: Operation,
    clients: ClusterClients,
    ended: Ended | undefined,
  ): Promise<Verdict> {
    const begunAt = entry.lastSentAt ?? this.clock.now();
    try {
      const revisions = await storedOf(clients.releases(clients.read), operation, AbortSignal.timeout(lookMs));
      const sinceBegunMs = this.clock.now().getTime() - begunAt.getTime();
      const evidence: ReleaseEvidence = { operation, grantId: entry.grantId, revisions, ended, sinceBegunMs };
      const verdict = decideRelease(evidence);
      if (verdict.kind !== 'done') return verdict;
      const made = revisions.find(({ revision }) => revision === nextRevision(operation));
      return { kind: 'done', after: operation.kind === 'uninstall' || !made ? gone(ended) : asObject(made) };
    } catch (error) {
      return { kind: 'wait', why: ensureFailure(error).message };
    }
  }
}

function gone(ended: Ended | undefined) {
  return { kind: 'gone' as const, byUs: ended?.ok === true };
}

function asObject({ namespace, name, uid = '' }: StoredRevision) {
  const metadata = { namespace, name, uid };
  return { kind: 'object' as const, object: { apiVersion: 'helm.sh/v1', kind: 'Release', metadata } };
}

async function storedOf(
  releases: Releases,
  { namespace, name }: Operation,
  signal: AbortSignal,
): Promise<StoredRevision[]> {
  const { revisions } = await releases.revisions({ namespace, name, signal });
  return revisions.filter((one) => one.name === name);
}
