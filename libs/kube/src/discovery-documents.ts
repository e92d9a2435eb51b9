import { z } from 'zod';
import type { ResourceType } from './resource-type.ts';

/** Aggregated discovery, served since Kubernetes 1.27 by default, as v2 since 1.30: everything in two answers. */
export const aggregatedAccept =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

const Resource = z.object({
  resource: z.string(),
  responseKind: z.object({ kind: z.string(), group: z.string().optional(), version: z.string().optional() }).optional(),
  scope: z.enum(['Namespaced', 'Cluster']),
  singularResource: z.string().optional(),
  shortNames: z.array(z.string()).optional(),
  verbs: z.array(z.string()).optional(),
  subresources: z.array(z.object({ subresource: z.string() })).optional(),
});
export const AggregatedDiscovery = z.object({
  kind: z.literal('APIGroupDiscoveryList'),
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().optional() }).optional(),
      versions: z.array(z.object({ version: z.string(), resources: z.array(Resource).optional() })).optional(),
    }),
  ),
});

/** The older documents, one per group version. */
export const ApiVersions = z.object({ kind: z.literal('APIVersions'), versions: z.array(z.string()) });
export const ApiGroups = z.object({
  kind: z.literal('APIGroupList'),
  groups: z.array(z.object({ name: z.string(), versions: z.array(z.object({ version: z.string() })) })),
});
export const ApiResources = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      namespaced: z.boolean(),
      singularName: z.string().optional(),
      shortNames: z.array(z.string()).optional(),
      verbs: z.array(z.string()).optional(),
    }),
  ),
});

/** Types in the server's order of preference: its groups in order, the preferred version of each first. */
export function fromAggregated(document: z.infer<typeof AggregatedDiscovery>): ResourceType[] {
  return document.items.flatMap((item) =>
    (item.versions ?? []).flatMap(({ version, resources }) =>
      (resources ?? []).map((resource) => ({
        group: item.metadata?.name ?? '',
        version,
        resource: resource.resource,
        kind: resource.responseKind?.kind ?? resource.resource,
        namespaced: resource.scope === 'Namespaced',
        singular: resource.singularResource ?? '',
        shortNames: resource.shortNames ?? [],
        verbs: resource.verbs ?? [],
        subresources: (resource.subresources ?? []).map(({ subresource }) => subresource),
      })),
    ),
  );
}

export function fromResources(group: string, version: string, document: z.infer<typeof ApiResources>): ResourceType[] {
  const names = document.resources.map(({ name }) => name);
  return document.resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, singularName, shortNames, verbs }) => ({
      group,
      version,
      resource: name,
      kind,
      namespaced,
      singular: singularName ?? '',
      shortNames: shortNames ?? [],
      verbs: verbs ?? [],
      subresources: names.filter((one) => one.startsWith(`${name}/`)).map((one) => one.slice(name.length + 1)),
    }));
}
