import { Injectable } from '@nestjs/common';
import { Failure } from '@skyflo/contracts';
import type { KubeObject, WriteAnswer } from '@skyflo/kube';
import { withoutAssigned } from '../domain/assigned.ts';
import { changeList, sameChanges } from '../domain/change-list.ts';
import { contextOf, markOf } from '../domain/drift.ts';
import { withFingerprints } from '../domain/fingerprints.ts';
import { type Seen, targetMoved, type Verdict, type WriteAhead } from '../domain/outcome.ts';
import { approvedChanges, newObjectYaml } from '../domain/plan.ts';
import { type ClusterClients, KeyedDigest, type LedgerEntry } from '../domain/ports.ts';
import { targetOf } from '../domain/written.ts';
import { look } from './look.ts';

export const sendTimeoutMs = 30_000;

/** The object as it was right before the first byte. */
export type Looked = Omit<WriteAhead, 'bytesSha256'>;

/** Before the first byte: is the object what it was, and does the very same request still do what was approved? */
@Injectable()
export class LastLook {
  constructor(private readonly digest: KeyedDigest) {}

  async take(entry: LedgerEntry, { read, plan }: ClusterClients): Promise<Looked | Verdict> {
    const target = targetOf(entry.plan);
    // Side by side: an object that changes between the two is seen in either of them, and refused.
    const [seen, answer] = await Promise.all([
      look(entry, read),
      plan.dryRun(entry.request, { timeoutMs: sendTimeoutMs }),
    ]);
    if (seen.kind === 'unknown') return unreachable(seen.why);
    const how = this.movedSince(entry, seen);
    if (how !== undefined) return moved(target, how);
    if (answer.kind === 'refused') {
      return answer.status === 422 || answer.status === 409
        ? moved(target, answer.failure.message)
        : { kind: 'not-done', failure: answer.failure };
    }
    if ('failure' in answer) return unreachable(answer.failure.message);
    if (!this.isAsApproved(entry, seen, answer))
      return moved(target, 'the cluster would now change something else as well');
    return toLooked(seen);
  }

  /** As plans show it: what was approved names secret values by their fingerprints. */
  told(object: KubeObject): KubeObject {
    return withFingerprints(object, this.keyed);
  }

  private readonly keyed = (value: string): string => this.digest.of(value);

  /** A change is for the object as it was shown; a delete is for this one object, whatever controllers did to it since. */
  private movedSince({ request, plan, contextDigest }: LedgerEntry, seen: Seen): string | undefined {
    const planned = plan.requests[0];
    if (planned?.absent === true) return seen.kind === 'object' ? 'somebody else made it' : undefined;
    if (seen.kind !== 'object') return 'it is gone';
    const { object } = seen;
    if (request.verb !== 'delete')
      return this.digest.of(contextOf(object)) === contextDigest ? undefined : 'somebody else changed it';
    if (object.metadata.uid !== planned?.object.uid) return 'another object has its name now';
    return object.metadata.deletionTimestamp === undefined ? undefined : 'somebody else is deleting it already';
  }

  private isAsApproved({ request, plan }: LedgerEntry, seen: Seen, answer: WriteAnswer): boolean {
    if (request.verb === 'delete' || answer.kind !== 'accepted') return true;
    const live = seen.kind === 'object' ? seen.object : undefined;
    const after =
      request.verb === 'apply'
        ? withoutAssigned(answer.object, [live, JSON.parse(request.body) as KubeObject])
        : answer.object;
    if (live === undefined) return newObjectYaml(after, this.keyed) === plan.changes[0]?.after;
    return sameChanges(changeList(this.told(live), this.told(after)), approvedChanges(plan));
  }
}

function toLooked(seen: Seen): Looked {
  const metadata = seen.kind === 'object' ? seen.object.metadata : undefined;
  return {
    uid: metadata?.uid ?? '',
    resourceVersion: metadata?.resourceVersion ?? '',
    generation: metadata?.generation,
    previousMark: seen.kind === 'object' ? markOf(seen.object) : null,
  };
}

/** Nothing was sent yet, so there is nothing to find out: better said than waited for. */
function unreachable(why: string): Verdict {
  return { kind: 'not-done', failure: Failure.terminal('ClusterUnreachable', `${why} Nothing was written.`) };
}

function moved(target: string, how: string): Verdict {
  return { kind: 'not-done', failure: targetMoved(target, how) };
}
