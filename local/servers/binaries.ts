import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buildFromModule, moduleHash } from './go-build.ts';
import type { BuildProgress, GoModule } from './go-build.ts';

export type { BuildProgress } from './go-build.ts';

const nats: GoModule = {
  name: 'nats-server',
  version: '2.15.2',
  folder: join(import.meta.dirname, '../nats'),
  package: 'github.com/nats-io/nats-server/v2',
  ldflags: '-s -w',
  coldMinutes: 1,
};
const sandbox: GoModule = {
  name: 'sandbox',
  version: '1.37.2',
  folder: join(import.meta.dirname, '../cluster'),
  package: '.',
  // What Kubernetes' own release scripts set: without it the API server calls itself v0.0.0-master.
  ldflags: ['gitVersion=v1.37.2', 'gitMajor=1', 'gitMinor=37'].reduce(
    (flags, value) => `${flags} -X k8s.io/component-base/version.${value}`,
    '-s -w',
  ),
  coldMinutes: 7,
};
const helm: GoModule = {
  name: 'helm',
  version: '4.3.1',
  folder: join(import.meta.dirname, '../helm'),
  package: 'helm.sh/helm/v4/cmd/helm',
  // What Helm's own release scripts set: charts ask for the version, and it would be v4.3.
  ldflags: '-s -w -X helm.sh/helm/v4/internal/version.version=v4.3.1',
  coldMinutes: 3,
};

const argoRollouts: GoModule = {
  name: 'argo-rollouts',
  version: '1.9.2',
  // Built beside a cluster of another version: its module pins the client libraries that it was released with.
  folder: join(import.meta.dirname, '../argo'),
  package: 'github.com/argoproj/argo-rollouts/cmd/rollouts-controller',
  ldflags: '-s -w -X github.com/argoproj/argo-rollouts/utils/version.version=1.9.2',
  coldMinutes: 6,
};

/** Every program that is not ours, and the module it is built from. `sandbox` is five of them in one file. */
export const binaries = {
  'nats-server': nats,
  etcd: sandbox,
  'kube-apiserver': sandbox,
  'kube-controller-manager': sandbox,
  'kube-scheduler': sandbox,
  kwok: sandbox,
  'rollouts-controller': argoRollouts,
  helm,
} as const satisfies Record<string, GoModule>;

export type BinaryName = keyof typeof binaries;

export type ResolveOptions = {
  /** `SKYFLO_BIN_DIR`: a folder with ready programs under their plain names. */
  readonly binDir?: string | undefined;
  /** Where built programs are kept; default `$XDG_CACHE_HOME/skyflo/bin`, else `~/.cache/skyflo/bin`. */
  readonly cacheDir?: string | undefined;
  /** Ends a build that was started here. */
  readonly signal?: AbortSignal | undefined;
  /** Called about once a second while something is built, by us or by another process. */
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
};

/**
 * The path of a program: from `binDir`, else the cache, else built from its pinned module. Start it with
 * `argv0: name`, because the file may be several programs in one. Only one process builds at a time;
 * others wait for it. Rejects with one sentence that says what to install or set.
 */
export async function resolveBinary(name: BinaryName, options: ResolveOptions = {}): Promise<string> {
  const given = options.binDir === undefined ? undefined : join(options.binDir, name);
  if (given !== undefined && (await isExecutable(given))) return given;
  const module: GoModule = binaries[name];
  const target = join(
    options.cacheDir ?? defaultCacheDir(),
    `${module.name}-${module.version}-${await moduleHash(module)}`,
  );
  if (!(await isExecutable(target))) await buildFromModule(module, target, options);
  return target;
}

/** Whether `resolveBinary` would answer at once. */
export async function isBinaryReady(
  name: BinaryName,
  options: Pick<ResolveOptions, 'binDir' | 'cacheDir'> = {},
): Promise<boolean> {
  const module: GoModule = binaries[name];
  const target = join(
    options.cacheDir ?? defaultCacheDir(),
    `${module.name}-${module.version}-${await moduleHash(module)}`,
  );
  return (options.binDir !== undefined && (await isExecutable(join(options.binDir, name)))) || isExecutable(target);
}

function defaultCacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'skyflo/bin');
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false, // Absent or not for us: the next link of the chain.
  );
}
