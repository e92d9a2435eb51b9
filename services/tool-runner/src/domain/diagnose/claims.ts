import { rootFinder } from './families.ts';
import type { Claim } from './objects.ts';
import { claimKeys } from './scheduling.ts';
import { keyOf, objectOf, type Snapshot, warningsOf } from './snapshot.ts';
import { describeCall, quote, type Trouble } from './trouble.ts';

const kind = 'PersistentVolumeClaim';

/** Claims without a volume, and claims that pods name and nobody made. */
export function pendingClaims(snapshot: Snapshot): Trouble[] {
  const troubles = snapshot.claims.flatMap((claim) => {
    const reason = whyPending(snapshot, claim);
    return reason === undefined ? [] : [trouble(claim, reason)];
  });
  return snapshot.partial.has('claims') ? troubles : [...troubles, ...missingClaims(snapshot)];
}

type Reason = { readonly why: string; readonly said: string[]; readonly cause: string };

function trouble(claim: Claim, { why, said, cause }: Reason): Trouble {
  const object = objectOf(kind, claim);
  return { severity: 'critical', kind: 'ClaimPending', object, why, said, next: describeCall(object), cause };
}

function whyPending(snapshot: Snapshot, claim: Claim): Reason | undefined {
  const { phase } = claim.status;
  if (phase === 'Lost') return { why: 'Its volume is lost.', said: [], cause: claim.metadata.name };
  if (phase !== 'Pending' || claim.metadata.deletionTimestamp !== '') return undefined;
  const name = claim.spec.storageClassName;
  const [warning] = warningsOf(snapshot, objectOf(kind, claim));
  const said = quote(warning?.message ?? '');
  if (name === '' && claim.spec.volumeName === '')
    return {
      why: 'It names no StorageClass and the cluster has no default one, so nobody makes a volume.',
      said,
      cause: '',
    };
  const storage = snapshot.storageClasses.find(({ metadata }) => metadata.name === name);
  if (!storage && name !== '' && !snapshot.partial.has('storageClasses')) {
    const there = snapshot.storageClasses.map(({ metadata }) => metadata.name).join(', ') || 'none';
    return { why: `There is no StorageClass ${name} (there is: ${there}), so it gets no volume.`, said, cause: name };
  }
  if (warning) return { why: `${warning.reason}: it gets no volume.`, said, cause: `${name} ${warning.message}` };
  // It waits for its first pod on purpose; the pod's own trouble is told with the pod.
  if (storage?.volumeBindingMode === 'WaitForFirstConsumer') return undefined;
  return { why: 'It waits for a volume, and no event says why.', said, cause: name };
}

function missingClaims(snapshot: Snapshot): Trouble[] {
  const there = new Set(snapshot.claims.map((claim) => keyOf(objectOf(kind, claim))));
  const rootOf = rootFinder(snapshot);
  const missing = new Map<string, Trouble>();
  for (const pod of snapshot.pods) {
    for (const key of claimKeys(pod)) {
      if (there.has(key) || missing.has(key)) continue;
      const [, namespace = '', name = ''] = key.split('/');
      missing.set(key, {
        severity: 'critical',
        kind: 'ClaimMissing',
        object: { kind, namespace, name },
        why: `The pods of ${rootOf(pod).kind} ${rootOf(pod).name} name this claim, and it does not exist.`,
        said: [],
        next: { tool: 'k8s_get', args: { kind, namespace } },
      });
    }
  }
  return [...missing.values()];
}
