import { howMany, severityOf, sickFamilies } from './families.ts';
import type { Pod } from './objects.ts';
import { keyOf, type Snapshot } from './snapshot.ts';
import { labelWords, type NextCall, quote, someOf, type Trouble } from './trouble.ts';

/** Pods that no node takes, with the scheduler's reason. One that waits for its volume is explained by that. */
export function unschedulable(snapshot: Snapshot): Trouble[] {
  return sickFamilies(snapshot, ({ status }) =>
    status.conditions.find(
      ({ type, status: is, reason }) => type === 'PodScheduled' && is === 'False' && reason !== 'SchedulingGated',
    ),
  ).map((found) => {
    const { pod, seen } = found.first;
    return {
      severity: severityOf(found.family),
      kind: 'Unschedulable',
      object: found.family.root,
      why: `No node takes ${howMany(found)}${wish(snapshot, pod)}.`,
      said: quote(seen.message),
      next: nextCall(seen.message),
      cause: `${seen.message.replace(/ preemption: .*$/, '')} ${labelWords(pod.spec.nodeSelector)}`,
      because: claimKeys(pod),
    };
  });
}

export function claimKeys({ metadata: { namespace }, spec }: Pod): string[] {
  return spec.volumes.flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim
      ? [
          keyOf({
            kind: 'PersistentVolumeClaim',
            name: persistentVolumeClaim.claimName,
            ...(namespace === undefined ? {} : { namespace }),
          }),
        ]
      : [],
  );
}

/** Labels that the pod wants and no node has, with what the nodes have instead. */
function wish({ nodes, partial }: Snapshot, { spec }: Pod): string {
  const wanted = Object.entries(spec.nodeSelector).filter(
    ([key, value]) => !nodes.some(({ metadata }) => metadata.labels[key] === value),
  );
  if (wanted.length === 0 || nodes.length === 0 || partial.has('nodes')) return '';
  const [[key] = ['']] = wanted;
  const there = [...new Set(nodes.flatMap(({ metadata }) => metadata.labels[key] ?? []))];
  const instead = there.length === 0 ? 'no node has that label' : `nodes have ${key}=${someOf(there)}`;
  return `: it wants nodes with ${labelWords(Object.fromEntries(wanted))}, but ${instead}`;
}

function nextCall(message: string): NextCall {
  const fields = /Insufficient|Too many pods/.test(message)
    ? ['.status.allocatable.cpu', '.status.allocatable.memory', '.status.allocatable.pods']
    : /taint/.test(message)
      ? ['.spec.taints', '.spec.unschedulable']
      : ['.metadata.labels', '.spec.unschedulable'];
  return { tool: 'k8s_get', args: { kind: 'Node', fields } };
}
