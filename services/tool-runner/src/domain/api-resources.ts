import type { ResourceType } from '@skyflo/kube';
import { textTable } from './text-table.ts';

/** `apps`, and `core` for the group without a name, as documentation calls it. */
export function groupName({ group }: Pick<ResourceType, 'group'>): string {
  return group === '' ? 'core' : group;
}

/** Groups that Kubernetes itself brings: all others came with something that was installed. */
export function isBuiltIn(group: string): boolean {
  const isOwn = group === '' || !group.includes('.') || group.endsWith('.k8s.io');
  return isOwn && !installed.has(group);
}
/** They look like Kubernetes' own and are add-ons. */
const installed: ReadonlySet<string> = new Set([
  'metrics.k8s.io',
  'custom.metrics.k8s.io',
  'external.metrics.k8s.io',
  'gateway.networking.k8s.io',
  'snapshot.storage.k8s.io',
]);

/** One line per group, its preferred version first: what there is to ask further about. */
export function groupLines(types: readonly ResourceType[]): string[] {
  const byGroup = Map.groupBy(preferred(types), groupName);
  return [...byGroup].map(([group, members]) => {
    const resources = members.map(({ resource, shortNames }) => [resource, ...shortNames.slice(0, 1)].join('/'));
    return `${group} (${members[0]?.version ?? ''}): ${resources.join(', ')}`;
  });
}

/** Every kind of one group with what `kubectl api-resources -o wide` tells of it. */
export function resourceTable(types: readonly ResourceType[]): string {
  const rows = types.map(({ resource, shortNames, group, version, namespaced, kind, verbs, subresources }) => [
    resource,
    shortNames.join(','),
    group === '' ? version : `${group}/${version}`,
    namespaced ? 'yes' : 'no',
    kind,
    verbs.join(','),
    subresources.join(','),
  ]);
  return textTable(['name', 'short', 'apiversion', 'namespaced', 'kind', 'verbs', 'subresources'], rows);
}

/** The server lists the preferred version of a group first; others of the same resource are left out. */
function preferred(types: readonly ResourceType[]): ResourceType[] {
  const seen = new Set<string>();
  return types.filter((type) => {
    const key = `${type.resource}.${type.group}`;
    return seen.has(key) ? false : Boolean(seen.add(key));
  });
}
