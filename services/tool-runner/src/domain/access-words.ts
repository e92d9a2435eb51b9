/** Verbs as RBAC has them. What only looks is asked of the identity that reads, the rest of the one that changes. */
export const readingVerbs = ['get', 'list', 'watch'] as const;
export const changingVerbs = ['create', 'update', 'patch', 'delete'] as const;
export const verbs = [...readingVerbs, ...changingVerbs] as const;
export type Verb = (typeof verbs)[number];

export function isReading(verb: Verb): boolean {
  return readingVerbs.some((one) => one === verb);
}

/** Sub-resources that have rights of their own. */
export const subresources = ['log', 'status', 'scale', 'eviction', 'exec', 'portforward'] as const;

/** The kinds most work is done on, for the question what may be done at all. */
export const everydayKinds = [
  'pods',
  'deployments.apps',
  'statefulsets.apps',
  'services',
  'configmaps',
  'secrets',
  'jobs.batch',
  'ingresses.networking.k8s.io',
  'horizontalpodautoscalers.autoscaling',
] as const;
export const clusterKinds = ['nodes', 'namespaces'] as const;

export type Permission = { readonly what: string; readonly verb: Verb; readonly allowed: boolean };

/** One row per kind: what may be read, what may be changed after an approval. */
export function permissionRows(permissions: readonly Permission[]): string[][] {
  return [...Map.groupBy(permissions, ({ what }) => what)].map(([what, all]) => [
    what,
    listed(all.filter(({ verb, allowed }) => allowed && isReading(verb))),
    listed(all.filter(({ verb, allowed }) => allowed && !isReading(verb))),
  ]);
}

function listed(permissions: readonly Permission[]): string {
  return permissions.length === 0 ? 'no' : permissions.map(({ verb }) => verb).join(',');
}
