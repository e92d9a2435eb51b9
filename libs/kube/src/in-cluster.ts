import { readFile } from 'node:fs/promises';
import { Failure } from '@skyflo/contracts';
import type { ClusterAccess } from './access.ts';
import { tokenFileCredentials } from './credentials.ts';

/** Where Kubernetes mounts what belongs to a pod's ServiceAccount. */
const mount = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Access as the ServiceAccount of the pod this process runs in (Kubernetes' own convention: a mounted token, its CA, and two
 * variables that name the API server). Throws a terminal Failure outside a pod, and in one without a mounted ServiceAccount.
 */
export async function inClusterAccess(environment: NodeJS.ProcessEnv, folder = mount): Promise<ClusterAccess> {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (host === undefined)
    throw Failure.terminal('KubeconfigInvalid', 'This process does not run in a pod, so it has no cluster of its own.');
  return {
    origin: 'the ServiceAccount of this pod',
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    tls: { ca: await mounted(`${folder}/ca.crt`), insecure: false },
    credentials: tokenFileCredentials(`${folder}/token`),
    namespace: (await mounted(`${folder}/namespace`)).trim(),
  };
}

async function mounted(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw Failure.terminal(
      'KubeconfigInvalid',
      `${path} cannot be read: this pod has no ServiceAccount mounted (automountServiceAccountToken).`,
      { cause },
    );
  }
}
