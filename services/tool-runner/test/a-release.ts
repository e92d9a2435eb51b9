import { gzipSync } from 'node:zlib';

type Parts = {
  readonly name: string;
  readonly revision?: number;
  readonly status?: string;
  readonly values?: object;
  readonly chartValues?: object;
  readonly manifest?: string;
  readonly notes?: string;
  readonly hooks?: readonly object[];
  readonly description?: string;
  readonly chartVersion?: string;
};

/** The Secret in which Helm keeps a revision, as Helm writes it. */
export function aReleaseSecret(parts: Parts) {
  const { name, revision = 1, status = 'deployed' } = parts;
  const deployed = '2026-11-24T09:00:00.123456789Z';
  const release = {
    name,
    info: {
      first_deployed: deployed,
      last_deployed: deployed,
      deleted: '',
      description: parts.description ?? 'Install complete',
      status,
      notes: parts.notes ?? '',
    },
    chart: {
      metadata: { name: 'web', version: parts.chartVersion ?? '1.2.0', appVersion: '2.0', apiVersion: 'v2' },
      lock: null,
      templates: [],
      values: parts.chartValues ?? {},
      schema: null,
      files: null,
    },
    config: parts.values ?? null,
    manifest: parts.manifest ?? '',
    hooks: parts.hooks ?? null,
    version: revision,
    namespace: 'somewhere-else',
  };
  return asReleaseSecret({ name, revision, status }, gzipSync(JSON.stringify(release)));
}

export function asReleaseSecret(
  { name, revision, status }: { readonly name: string; readonly revision: number; readonly status: string },
  payload: Buffer,
) {
  const labels = { owner: 'helm', name, status, version: String(revision), modifiedAt: '1795510800' };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `sh.helm.release.v1.${name}.v${revision}`, labels },
    type: 'helm.sh/release.v1',
    data: { release: Buffer.from(payload.toString('base64')).toString('base64') },
  };
}
