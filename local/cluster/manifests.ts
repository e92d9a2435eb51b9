import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { ApiClient } from './api-client.ts';

export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

const fieldManager = 'skyflo-sandbox';

/** The objects of a YAML file, or of all YAML files of a folder in order of their names. */
export async function readManifests(path: string): Promise<Manifest[]> {
  const isFolder = (await stat(path)).isDirectory();
  const files = isFolder ? (await readdir(path)).filter((file) => file.endsWith('.yaml')).toSorted() : [''];
  const objects: Manifest[] = [];
  for (const file of files) {
    for (const document of parseAllDocuments(await readFile(join(path, file), 'utf8'))) {
      const object: unknown = document.toJS();
      if (!isManifest(object)) throw new Error(`${join(path, file)} holds something that is no Kubernetes object`);
      objects.push(object);
    }
  }
  return objects;
}

/** Server-side apply, one after the other: an object may need the ones before it. */
export async function applyManifests(
  client: ApiClient,
  objects: readonly Manifest[],
  signal?: AbortSignal,
): Promise<void> {
  const resources = new Map<string, Promise<readonly ApiResource[]>>();
  for (const object of objects) {
    const path = await pathOf(client, object, resources);
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    await client.expect(`${path}?fieldManager=${fieldManager}&force=true`, {
      method: 'PATCH',
      body: object,
      headers,
      signal,
    });
  }
}

type ApiResource = { readonly name: string; readonly kind: string; readonly namespaced: boolean };

async function pathOf(
  client: ApiClient,
  object: Manifest,
  known: Map<string, Promise<readonly ApiResource[]>>,
): Promise<string> {
  const { apiVersion, kind, metadata } = object;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const resources =
    known.get(root) ?? client.expect(root).then((list) => (list as { resources: ApiResource[] }).resources);
  known.set(root, resources);
  const resource = (await resources).find((one) => one.kind === kind && !one.name.includes('/'));
  if (resource === undefined) throw new Error(`the API server does not know ${kind} in ${apiVersion}`);
  const namespace = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
  return `${root}${namespace}/${resource.name}/${metadata.name}`;
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'apiVersion' in value && 'kind' in value && 'metadata' in value;
}
