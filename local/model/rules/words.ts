/** Everyday names of kinds, as people write them, to the kind as Kubernetes writes it. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^(pods?|po)$/, 'Pod'],
  [/^(deployments?|deploys?)$/, 'Deployment'],
  [/^(stateful ?sets?|sts)$/, 'StatefulSet'],
  [/^(daemon ?sets?|ds)$/, 'DaemonSet'],
  [/^(replica ?sets?|rs)$/, 'ReplicaSet'],
  [/^(services?|svcs?)$/, 'Service'],
  [/^(nodes?|no|machines?)$/, 'Node'],
  [/^(namespaces?|ns)$/, 'Namespace'],
  [/^(config ?maps?|cms?)$/, 'ConfigMap'],
  [/^(secrets?)$/, 'Secret'],
  [/^(jobs?)$/, 'Job'],
  [/^(cron ?jobs?|cj)$/, 'CronJob'],
  [/^(ingress(es)?|ing)$/, 'Ingress'],
  [/^(endpoint ?slices?|endpoints?|ep)$/, 'EndpointSlice'],
  [/^(pvcs?|persistent ?volume ?claims?)$/, 'PersistentVolumeClaim'],
  [/^(hpas?|horizontal ?pod ?autoscalers?)$/, 'HorizontalPodAutoscaler'],
  [/^(pdbs?|pod ?disruption ?budgets?)$/, 'PodDisruptionBudget'],
];
const clusterScoped = new Set(['Node', 'Namespace']);

export const defaultNamespace = 'shop';
export const everywhere = '';

export function toKind(word: string | undefined): string | undefined {
  const plain = word?.toLowerCase().trim() ?? '';
  return kinds.find(([pattern]) => pattern.test(plain))?.[1];
}

export function isClusterScoped(kind: string): boolean {
  return clusterScoped.has(kind);
}

/** A pattern part that matches any word for a kind. */
export const kindWord =
  '(?:pods?|po|deployments?|deploys?|stateful ?sets?|sts|daemon ?sets?|ds|replica ?sets?|rs|services?|svcs?|nodes?|namespaces?|config ?maps?|cms?|secrets?|jobs?|cron ?jobs?|ingress(?:es)?|endpoint ?slices?|endpoints?|pvcs?|persistent ?volume ?claims?|hpas?|pdbs?|pod ?disruption ?budgets?)';

/** The name of an object in Kubernetes: DNS labels with dots. */
export const nameWord = '[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?';

const noNamespace = new Set([
  'the',
  'a',
  'my',
  'our',
  'detail',
  'short',
  'general',
  'total',
  'there',
  'cluster',
  'which',
  'what',
]);

/** The namespace a message is about: `in shop`, `in the shop namespace`, `-n shop`, everywhere, or the default. */
export function namespaceOf(text: string): string {
  const lower = text.toLowerCase();
  if (
    /\b(all|every|any|each) namespaces?\b|\beverywhere\b|\bcluster-?wide\b|\bin (the|my|our) (whole |entire )?cluster\b/.test(
      lower,
    )
  )
    return everywhere;
  const patterns = [
    /(?:^|\s)(?:-n|--namespace)[ =]([a-z0-9-]+)/,
    /\bnamespace[ :]+['"`]?([a-z0-9-]+)/,
    /\b(?:in|of|from|inside|for) (?:the |our |my )?['"`]?([a-z0-9-]+)['"`]? namespace\b/,
    /\bin (?:the |our |my )?['"`]?([a-z0-9-]+)/,
  ];
  for (const pattern of patterns) {
    const named = pattern.exec(lower)?.[1];
    if (named !== undefined && !noNamespace.has(named) && toKind(named) === undefined) return named;
  }
  return defaultNamespace;
}

export function inNamespace(namespace: string): string {
  return namespace === everywhere ? 'the cluster' : `\`${namespace}\``;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
