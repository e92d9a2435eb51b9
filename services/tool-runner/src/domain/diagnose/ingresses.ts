import type { Ingress, Service } from './objects.ts';
import { keyOf, objectOf, type Snapshot } from './snapshot.ts';
import { describeCall, someOf, type Trouble } from './trouble.ts';

type Backend = { readonly from: string; readonly service: string; readonly port: string };

/** Paths of an Ingress that lead nowhere: no such Service, no such port, or a Service that nothing answers for. */
export function ingressesWithoutBackend(snapshot: Snapshot): Trouble[] {
  if (snapshot.partial.has('services')) return [];
  const services = new Map(snapshot.services.map((service) => [keyOf(objectOf('Service', service)), service]));
  return snapshot.ingresses.flatMap((ingress) => {
    const object = objectOf('Ingress', ingress);
    const { namespace } = ingress.metadata;
    const seen = new Set<string>();
    return backendsOf(ingress).flatMap((backend): Trouble[] => {
      const target = objectOf('Service', { metadata: { name: backend.service, namespace } });
      const why = whyNowhere(backend, services.get(keyOf(target)));
      if (seen.has(`${backend.service}:${backend.port}`)) return [];
      seen.add(`${backend.service}:${backend.port}`);
      const common = { severity: 'critical', kind: 'IngressWithoutBackend', object } as const;
      return [
        why === undefined
          ? // Told only where the Service is in trouble: see `onlyIfExplained`.
            { ...common, why: '', said: [], because: [keyOf(target)], onlyIfExplained: true }
          : {
              ...common,
              why,
              said: [],
              next: why.includes('no Service')
                ? { tool: 'k8s_get', args: { kind: 'Service', namespace: namespace ?? '' } }
                : describeCall(target),
            },
      ];
    });
  });
}

function whyNowhere({ from, service, port }: Backend, found: Service | undefined): string | undefined {
  if (!found) return `${from} leads to Service ${service}, and there is no Service of that name.`;
  const ports = found.spec.ports;
  if (port === '' || ports.some((one) => one.name === port || `${one.port}` === port)) return undefined;
  const there = someOf(ports.map((one) => (one.name === '' ? `${one.port}` : `${one.port} (${one.name})`)));
  return `${from} leads to port ${port} of Service ${service}, which has ${there || 'no ports'}.`;
}

function backendsOf({ spec }: Ingress): Backend[] {
  const paths = spec.rules.flatMap(({ host, http }) =>
    (http?.paths ?? []).map(({ path, backend }) => ({ from: `${host || '*'}${path}`, backend })),
  );
  return [{ from: 'The default', backend: spec.defaultBackend }, ...paths].flatMap(({ from, backend }) => {
    const service = backend?.service;
    if (!service) return [];
    return [{ from, service: service.name, port: service.port?.name || `${service.port?.number ?? ''}` }];
  });
}
