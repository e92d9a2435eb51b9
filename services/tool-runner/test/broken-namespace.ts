import type { World } from './a-world.ts';

type Trouble = { readonly pod?: object; readonly service?: object; readonly claim?: boolean; readonly image?: string };

const resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } };
const healthy = ['web', 'cart'];

/** How many workloads of which trouble; fifty together. */
export const troubles: Readonly<Record<string, { readonly count: number; readonly of: (name: string) => Trouble }>> = {
  ImagePull: { count: 10, of: (name) => ({ image: `registry.shop.example/${name}:1.4.2-nope` }) },
  CrashLoop: { count: 12, of: () => ({ pod: { args: ['sh', '-c', 'exit 1'] } }) },
  Unschedulable: { count: 8, of: (name) => ({ pod: { nodeSelector: { disk: name } } }) },
  ProbeFailing: { count: 6, of: () => ({ pod: { readinessProbe: { httpGet: { path: '/nowhere', port: 8080 } } } }) },
  ClaimPending: { count: 4, of: () => ({ claim: true }) },
  CreationRefused: { count: 4, of: () => ({ pod: { serviceAccountName: 'nobody' } }) },
  ServiceWithoutEndpoints: { count: 6, of: (name) => ({ service: { app: `${name}-v2` } }) },
};

/** Breaks a namespace in as many ways as a bad week does; answers with the names of what is broken, by trouble. */
export async function breakNamespace({ set }: Pick<World, 'set'>): Promise<Map<string, readonly string[]>> {
  const broken = new Map<string, readonly string[]>();
  for (const [kind, { count, of }] of Object.entries(troubles)) {
    const names = Array.from({ length: count }, (_, index) => `${kind.toLowerCase().slice(0, 10)}-${index + 1}`);
    broken.set(kind, names);
    await Promise.all(names.map((name) => createTroubled(set, name, of(name))));
  }
  await Promise.all(healthy.map((name) => createTroubled(set, name, { service: { app: name } })));
  const backend = (name: string) => ({
    path: '/',
    pathType: 'Prefix',
    backend: { service: { name, port: { number: 80 } } },
  });
  await set(
    'create',
    { group: 'networking.k8s.io', resource: 'ingresses', name: 'front' },
    {
      metadata: { name: 'front' },
      spec: { rules: [{ host: 'shop.example', http: { paths: [backend('web'), backend('nobody')] } }] },
    },
  );
  await set(
    'create',
    { group: 'autoscaling', resource: 'horizontalpodautoscalers', name: 'gone' },
    {
      metadata: { name: 'gone' },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gone' }, maxReplicas: 4 },
    },
  );
  return broken;
}

async function createTroubled(
  set: World['set'],
  name: string,
  { pod = {}, service, claim, image }: Trouble,
): Promise<void> {
  const { nodeSelector, serviceAccountName, ...container } = pod as Record<string, unknown>;
  const labels = { app: name };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: name } }];
  const spec = {
    containers: [{ name: 'web', image: image ?? 'registry.shop.example/web:1.0', resources, ...container }],
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    ...(claim === true ? { volumes } : {}),
  };
  if (claim === true)
    await set(
      'create',
      { group: '', resource: 'persistentvolumeclaims', name },
      {
        metadata: { name },
        spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    );
  await set(
    'create',
    { group: 'apps', resource: 'deployments', name },
    {
      metadata: { name, labels },
      spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  );
  if (service !== undefined)
    await set(
      'create',
      { group: '', resource: 'services', name },
      {
        metadata: { name },
        spec: { selector: service, ports: [{ port: 80, targetPort: 8080 }] },
      },
    );
}
