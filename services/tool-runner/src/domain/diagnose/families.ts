import type { FoundObject, Severity } from '@skyflo/contracts';
import type { ContainerStatus, Pod } from './objects.ts';
import { keyOf, objectOf, type Snapshot } from './snapshot.ts';

/** The pods of one workload: twenty pods that fail alike are one trouble, and the workload's. */
export type Family = { readonly root: FoundObject; readonly pods: readonly Pod[] };

export type Sick<Seen> = {
  readonly family: Family;
  /** The pods that show it, with what was seen; never empty. */
  readonly sick: readonly { readonly pod: Pod; readonly seen: Seen }[];
  readonly first: { readonly pod: Pod; readonly seen: Seen };
};

/** Families of which some pods show something, by what `look` says of a pod. Pods that are ending or done are no trouble. */
export function sickFamilies<Seen>(snapshot: Snapshot, look: (pod: Pod) => Seen | undefined): Sick<Seen>[] {
  return familiesOf(snapshot).flatMap((family) => {
    const sick = family.pods.flatMap((pod) => {
      const seen = look(pod);
      return seen === undefined ? [] : [{ pod, seen }];
    });
    const [first] = sick;
    return first === undefined ? [] : [{ family, sick, first }];
  });
}

export function familiesOf(snapshot: Snapshot): Family[] {
  const families = new Map<string, { root: FoundObject; pods: Pod[] }>();
  const rootOf = rootFinder(snapshot);
  for (const pod of snapshot.pods) {
    if (pod.metadata.deletionTimestamp !== '' || pod.status.phase === 'Succeeded') continue;
    const root = rootOf(pod);
    const known = families.get(keyOf(root));
    if (known) known.pods.push(pod);
    else families.set(keyOf(root), { root, pods: [pod] });
  }
  return [...families.values()];
}

/** The topmost controller known of a pod: Pod, ReplicaSet, Deployment; Pod, Job, CronJob. */
export function rootFinder({ replicaSets, workloads }: Snapshot): (pod: Pod) => FoundObject {
  const middle = new Map(
    [...replicaSets, ...workloads.filter(({ kind }) => kind === 'Job')].map((one) => [
      keyOf(objectOf(one.kind, one)),
      one,
    ]),
  );
  return ({ metadata }) => {
    const { namespace } = metadata;
    let found = objectOf('Pod', { metadata });
    let owner = metadata.ownerReferences.find(({ controller }) => controller === true);
    while (owner) {
      found = objectOf(owner.kind, { metadata: { name: owner.name, namespace } });
      owner = middle.get(keyOf(found))?.metadata.ownerReferences.find(({ controller }) => controller === true);
    }
    return found;
  };
}

export function isReady({ status }: Pod): boolean {
  return status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

/** Nothing works where no pod of the family is ready. */
export function severityOf({ pods }: Family): Severity {
  return pods.some(isReady) ? 'warning' : 'critical';
}

/** `2 of 3 pods`. */
export function howMany({ family, sick }: Sick<unknown>): string {
  return family.pods.length === 1 ? 'its only pod' : `${sick.length} of ${family.pods.length} pods`;
}

/** Status of every container, those that run first included. */
export function containersOf({ status }: Pod): readonly ContainerStatus[] {
  return [...status.initContainerStatuses, ...status.containerStatuses];
}

export function imageOf({ spec }: Pod, container: string): string {
  return [...spec.containers, ...spec.initContainers].find(({ name }) => name === container)?.image ?? '';
}
