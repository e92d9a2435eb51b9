import { Failure } from '@skyflo/contracts';
import { assertApiWord, assertName, assertNamespace } from './names.ts';

/** A path on an API server. Only this file makes one, out of checked words; no client accepts plain text. */
export type ApiPath = string & { readonly __brand: 'ApiPath' };

export type ApiTarget = {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
};

/** Sub-resources that reach into containers, nodes or other servers. No client of this library ever sends to them. */
const forbidden: ReadonlySet<string> = new Set(['proxy', 'exec', 'attach', 'portforward']);

/** `/api/v1/namespaces/shop/pods/web-1/log`: every word checked and encoded. */
export function apiPath(target: ApiTarget): ApiPath {
  const { group, version, resource, namespace, name, subresource } = target;
  if (subresource !== undefined && forbidden.has(subresource))
    throw Failure.terminal('Forbidden', `The sub-resource ${subresource} is never used.`);
  const words = [
    ...(group === '' ? ['api'] : ['apis', assertApiWord(group, 'group')]),
    assertApiWord(version, 'version'),
    ...(namespace === undefined ? [] : ['namespaces', assertNamespace(namespace)]),
    assertApiWord(resource, 'resource'),
    ...(name === undefined ? [] : [assertName(name, { rbac: group === 'rbac.authorization.k8s.io' })]),
    ...(subresource === undefined ? [] : [assertApiWord(subresource, 'sub-resource')]),
  ];
  return `/${words.map((word) => encodeURIComponent(word)).join('/')}` as ApiPath;
}

/** Where an API server tells what it serves and how it is. */
export const wellKnown = {
  core: '/api' as ApiPath,
  groups: '/apis' as ApiPath,
  version: '/version' as ApiPath,
} as const;

/** Discovery of one group version, for API servers without aggregated discovery. */
export function groupVersionPath(group: string, version: string): ApiPath {
  const words = group === '' ? ['api'] : ['apis', assertApiWord(group, 'group')];
  return `/${[...words, assertApiWord(version, 'version')].map(encodeURIComponent).join('/')}` as ApiPath;
}

/** What the fields of a group version's kinds mean, as OpenAPI v3. */
export function openApiPath(group: string, version: string): ApiPath {
  return `/openapi/v3${groupVersionPath(group, version)}` as ApiPath;
}
