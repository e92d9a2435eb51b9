import type { KubeObject } from '@skyflo/kube';

const switches: ReadonlySet<string> = new Set(['privileged', 'hostNetwork', 'hostPID', 'hostIPC']);

/** What in an object's pods, wherever its template is, leads out of the container onto the node. */
export function reachesNode(object: KubeObject): readonly string[] {
  const found = new Set<string>();
  collect(object, found);
  return [...found].toSorted();
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    if (switches.has(key) && one === true) found.add(key);
    if (key === 'hostPath' && typeof one === 'object' && one !== null) found.add('hostPath');
    collect(one, found);
  }
}
