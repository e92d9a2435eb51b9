import { isReady, rootFinder } from './families.ts';
import type { Controller, Pod, Service, Slice } from './objects.ts';
import { keyOf, objectOf, podsSelected, type Snapshot } from './snapshot.ts';
import { describeCall, labelWords, someOf, type Trouble } from './trouble.ts';

/** Services that nothing answers for: the selector fits no pod, the port fits no container, or no pod is ready. */
export function servicesWithoutEndpoints(snapshot: Snapshot): Trouble[] {
  const slices = Map.groupBy(
    snapshot.slices,
    ({ metadata }) => `${metadata.namespace ?? ''}/${metadata.labels['kubernetes.io/service-name'] ?? ''}`,
  );
  return snapshot.services
    .filter(({ spec }) => spec.type !== 'ExternalName' && Object.keys(spec.selector).length > 0)
    .flatMap((service) => {
      const own = slices.get(`${service.metadata.namespace ?? ''}/${service.metadata.name}`) ?? [];
      const pods = podsSelected(snapshot, service.metadata.namespace, service.spec.selector);
      return (
        noPods(snapshot, service, { own, pods }) ??
        noReadyPods(snapshot, service, { own, pods }) ??
        wrongPorts(service, pods)
      );
    });
}

type Seen = { readonly own: readonly Slice[]; readonly pods: readonly Pod[] };

function noPods(snapshot: Snapshot, service: Service, { own, pods }: Seen): Trouble[] | undefined {
  if (pods.length > 0 || isAnswered(own) || snapshot.partial.has('pods')) return undefined;
  const object = objectOf('Service', service);
  const { selector } = service.spec;
  const wanted = labelWords(selector);
  const meant = meantWorkload(snapshot, service);
  if (meant?.matches === true)
    return [
      {
        severity: meant.workload.spec.replicas === 0 ? 'warning' : 'critical',
        kind: 'ServiceWithoutEndpoints',
        object,
        why:
          meant.workload.spec.replicas === 0
            ? `${meant.workload.kind} ${meant.workload.metadata.name} is scaled to 0, so nothing answers.`
            : `${meant.workload.kind} ${meant.workload.metadata.name} has no pods, so nothing answers.`,
        said: [],
        next: describeCall(objectOf(meant.workload.kind, meant.workload)),
        because: [keyOf(objectOf(meant.workload.kind, meant.workload))],
      },
    ];
  const near = meant ? `; the pods of ${meant.workload.kind} ${meant.workload.metadata.name} have ${meant.labels}` : '';
  return [
    {
      severity: 'critical',
      kind: 'ServiceWithoutEndpoints',
      object,
      why: `It has no endpoints: it selects ${wanted}, and no pod has that${near}.`,
      said: [],
      next: describeCall(object),
    },
  ];
}

/** The workload whose pods are meant: all labels fit, or it has the Service's name, or the same label with another value. */
function meantWorkload(
  { workloads }: Snapshot,
  { metadata, spec }: Service,
): { workload: Controller; matches: boolean; labels: string } | undefined {
  const wanted = Object.entries(spec.selector);
  const rated = workloads
    .filter(({ kind, metadata: { namespace } }) => kind !== 'Job' && namespace === metadata.namespace)
    .map((workload) => {
      const labels = workload.spec.template?.metadata.labels ?? {};
      const equal = wanted.filter(([key, value]) => labels[key] === value).length;
      const near = wanted.filter(
        ([key]) => labels[key] !== undefined && labels[key] !== wanted.find(([one]) => one === key)?.[1],
      );
      const isNamesake = workload.metadata.name === metadata.name;
      const said = labelWords(Object.fromEntries(near.map(([key]) => [key, labels[key] ?? ''])));
      return { workload, matches: equal === wanted.length, labels: said, equal, isNamesake };
    })
    .filter(({ matches, equal, isNamesake, labels }) => matches || (labels !== '' && (isNamesake || equal > 0)))
    .toSorted(
      (a, b) =>
        Number(b.matches) - Number(a.matches) || Number(b.isNamesake) - Number(a.isNamesake) || b.equal - a.equal,
    );
  return rated[0];
}

function noReadyPods(snapshot: Snapshot, service: Service, { own, pods }: Seen): Trouble[] | undefined {
  if (pods.length === 0 || pods.some(isReady) || isAnswered(own)) return undefined;
  const rootOf = rootFinder(snapshot);
  const roots = [...new Map(pods.map((pod) => [keyOf(rootOf(pod)), rootOf(pod)])).values()];
  const object = objectOf('Service', service);
  return [
    {
      severity: 'critical',
      kind: 'ServiceWithoutEndpoints',
      object,
      why: `None of its ${pods.length} pods is ready, so nothing answers.`,
      said: [],
      next: describeCall(object),
      because: roots.map(keyOf),
    },
  ];
}

/** A named port has to be a container's; a number that no container declares is only likely to be wrong. */
function wrongPorts(service: Service, pods: readonly Pod[]): Trouble[] {
  const declared = pods.flatMap(({ spec }) => spec.containers.flatMap(({ ports }) => ports));
  if (pods.length === 0) return [];
  const object = objectOf('Service', service);
  return service.spec.ports.flatMap(({ name, port, targetPort }) => {
    const target = targetPort ?? port;
    const fits = declared.some((one) =>
      typeof target === 'number' ? one.containerPort === target : one.name === target,
    );
    if (fits || (typeof target === 'number' && declared.length === 0)) return [];
    const there = [
      ...new Set(
        declared.map((one) => (one.name === '' ? `${one.containerPort}` : `${one.containerPort} (${one.name})`)),
      ),
    ];
    const isNamed = typeof target === 'string';
    const has = there.length === 0 ? 'they declare no ports' : `they have ${someOf(there)}`;
    return [
      {
        severity: isNamed ? ('critical' as const) : ('warning' as const),
        kind: 'ServicePortMismatch' as const,
        object,
        why: `Port ${name || port} leads to ${target}, which no container of its pods ${isNamed ? 'has' : 'declares'}; ${has}.`,
        said: [],
        next: describeCall(object),
      },
    ];
  });
}

function isAnswered(slices: readonly Slice[]): boolean {
  return slices.some(({ endpoints }) => endpoints.some(({ conditions }) => conditions?.ready !== false));
}
