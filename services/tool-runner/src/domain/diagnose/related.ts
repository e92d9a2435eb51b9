import type { FoundObject } from '@skyflo/contracts';
import { rootFinder } from './families.ts';
import type { Pod } from './objects.ts';
import { claimKeys } from './scheduling.ts';
import { keyOf, objectOf, podsSelected, type Snapshot } from './snapshot.ts';

/**
 * Keys of everything around the objects of one name, whatever their kind: the pods, what they are made by, what leads to them
 * (Services, Ingresses), what scales them, their volumes and nodes. Empty where nothing has that name.
 */
export function relatedTo(snapshot: Snapshot, name: string): ReadonlySet<string> {
  const named = objectsOf(snapshot).filter((object) => object.name === name);
  const keys = new Set(named.map(keyOf));
  if (keys.size === 0) return keys;
  const rootOf = rootFinder(snapshot);
  const services = snapshot.services.map((service) => ({
    service,
    pods: podsSelected(snapshot, service.metadata.namespace, service.spec.selector),
  }));
  const served = services
    .filter(({ service }) => keys.has(keyOf(objectOf('Service', service))))
    .flatMap(({ pods }) => pods);
  const isOurs = (pod: Pod) => keys.has(keyOf(rootOf(pod))) || keys.has(keyOf(objectOf('Pod', pod)));
  const pods = new Set([...snapshot.pods.filter(isOurs), ...served]);
  for (const pod of pods) {
    keys
      .add(keyOf(objectOf('Pod', pod)))
      .add(keyOf(rootOf(pod)))
      .add(keyOf({ kind: 'Node', name: pod.spec.nodeName }));
    for (const claim of claimKeys(pod)) keys.add(claim);
  }
  for (const { service, pods: selected } of services)
    if (selected.some((pod) => pods.has(pod))) keys.add(keyOf(objectOf('Service', service)));
  for (const ingress of snapshot.ingresses)
    if (servicesOf(ingress).some((service) => keys.has(keyOf(service)))) keys.add(keyOf(objectOf('Ingress', ingress)));
  for (const autoscaler of snapshot.autoscalers) {
    const { kind, name: target } = autoscaler.spec.scaleTargetRef;
    const { namespace } = autoscaler.metadata;
    if (keys.has(keyOf(objectOf(kind, { metadata: { name: target, namespace } }))))
      keys.add(keyOf(objectOf('HorizontalPodAutoscaler', autoscaler)));
  }
  return keys;
}

function servicesOf({ metadata: { namespace }, spec }: Snapshot['ingresses'][number]): FoundObject[] {
  const backends = [
    spec.defaultBackend,
    ...spec.rules.flatMap(({ http }) => http?.paths.map(({ backend }) => backend)),
  ];
  return backends.flatMap((backend) =>
    backend?.service ? [objectOf('Service', { metadata: { name: backend.service.name, namespace } })] : [],
  );
}

function objectsOf(snapshot: Snapshot): FoundObject[] {
  const rootOf = rootFinder(snapshot);
  return [
    ...snapshot.workloads.map((one) => objectOf(one.kind, one)),
    ...snapshot.pods.flatMap((pod) => [objectOf('Pod', pod), rootOf(pod)]),
    ...snapshot.services.map((one) => objectOf('Service', one)),
    ...snapshot.ingresses.map((one) => objectOf('Ingress', one)),
    ...snapshot.autoscalers.map((one) => objectOf('HorizontalPodAutoscaler', one)),
    ...snapshot.claims.map((one) => objectOf('PersistentVolumeClaim', one)),
  ];
}
