import type { Row } from './table.ts';

export type Problem = {
  readonly trouble: 'image' | 'crash' | 'pending' | 'not-ready' | 'no-endpoints';
  /** The workload or Service it is about. */
  readonly subject: string;
  /** Pods that show it; empty for Services. */
  readonly pods: readonly string[];
  /** How the cluster calls the state. */
  readonly state: string;
  readonly namespace: string;
};

const troubles: readonly (readonly [RegExp, Problem['trouble']])[] = [
  [/ImagePull|ErrImage|InvalidImage|ImageInspect/, 'image'],
  [/CrashLoop|^Error|OOMKilled|RunContainerError|ConfigError|StartError/, 'crash'],
  [/^Pending/, 'pending'],
];

/** What the table of pods shows to be wrong, one problem per workload and kind of trouble. */
export function podProblems(pods: readonly Row[], namespace: string): Problem[] {
  const found = new Map<string, Problem>();
  for (const pod of pods) {
    const { NAME: name = '', STATUS: state = '' } = pod;
    const trouble =
      troubles.find(([pattern]) => pattern.test(state))?.[1] ?? (isUnready(pod) ? 'not-ready' : undefined);
    if (trouble === undefined || name === '') continue;
    const where = pod['NAMESPACE'] ?? namespace;
    const subject = workloadOf(name);
    const key = `${where}/${subject}/${trouble}`;
    const known = found.get(key);
    found.set(key, { trouble, subject, state, namespace: where, pods: [...(known?.pods ?? []), name] });
  }
  return [...found.values()];
}

/** Services that no EndpointSlice gives an address to. Without any slice in the table nothing can be said. */
export function serviceProblems(services: readonly Row[], slices: readonly Row[], namespace: string): Problem[] {
  if (slices.length === 0) return [];
  return services
    .filter((service) => service['TYPE'] !== 'ExternalName')
    .filter((service) => {
      const own = slices.filter((slice) => sliceOwner(slice['NAME'] ?? '') === service['NAME']);
      return own.length > 0 && own.every((slice) => /^(<unset>|<none>|)$/.test(slice['ENDPOINTS'] ?? ''));
    })
    .map((service) => ({
      trouble: 'no-endpoints',
      subject: service['NAME'] ?? '',
      state: 'no endpoints',
      pods: [],
      namespace: service['NAMESPACE'] ?? namespace,
    }));
}

/** `checkout-7d9c5b6f4-x2x7z` belongs to `checkout`, `db-0` to `db`. */
export function workloadOf(pod: string): string {
  return pod.replace(/-[a-z0-9]{6,10}-[a-z0-9]{5}$/, '').replace(/-\d+$/, '');
}

function sliceOwner(slice: string): string {
  return slice.replace(/-[a-z0-9]{5}$/, '');
}

function isUnready(pod: Row): boolean {
  const [ready, wanted] = (pod['READY'] ?? '').split('/').map(Number);
  return /^(Running|Terminating|ContainerCreating|PodInitializing|Init:)/.test(pod['STATUS'] ?? '') && ready !== wanted;
}
