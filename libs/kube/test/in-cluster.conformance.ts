import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessOf, type ClusterAccess, inClusterAccess, loadKubeconfig, openReadClient } from '../src/index.ts';

let folder: string;
let reader: ClusterAccess;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyflo-in-cluster-'));
  reader = await accessOf(await loadKubeconfig(process.env['SKYFLO_TEST_RUNNER_KUBECONFIG'] ?? ''), 'runner-read');
  environment = { KUBERNETES_SERVICE_HOST: reader.server.hostname, KUBERNETES_SERVICE_PORT: reader.server.port };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the kubelet puts into a pod for its ServiceAccount. */
async function mount(token: string): Promise<void> {
  await writeFile(join(folder, 'ca.crt'), reader.tls.ca ?? '');
  await writeFile(join(folder, 'namespace'), 'skyflo\n');
  await writeFile(join(folder, 'token'), `${token}\n`);
}

async function validToken(): Promise<string> {
  const { headers } = await reader.credentials.present();
  return headers['authorization']?.replace('Bearer ', '') ?? '';
}

describe('access from within a pod', () => {
  it('is that of the mounted ServiceAccount', async () => {
    await mount(await validToken());
    const access = await inClusterAccess(environment, folder);
    expect(access).toMatchObject({ namespace: 'skyflo', tls: { insecure: false } });
    const client = openReadClient(access);
    await expect(client.version()).resolves.toMatchObject({ gitVersion: expect.stringMatching(/^v1\./) });
    await client.close();
  });

  it('goes on with the token that the kubelet puts in the place of one that has expired', async () => {
    await mount('expired');
    const client = openReadClient(await inClusterAccess(environment, folder));
    await expect(client.discovery.resolve('namespaces')).rejects.toMatchObject({ code: 'Unauthorized' });
    await mount(await validToken());
    await expect(client.discovery.resolve('namespaces')).resolves.toMatchObject({ kind: 'Namespace' });
    await client.close();
  });

  it('says what is missing in a pod without a mounted ServiceAccount, and outside a pod', async () => {
    await expect(inClusterAccess(environment, join(folder, 'none'))).rejects.toMatchObject({
      code: 'KubeconfigInvalid',
      message: expect.stringContaining('automountServiceAccountToken'),
    });
    await expect(inClusterAccess({}, folder)).rejects.toMatchObject({ code: 'KubeconfigInvalid' });
  });
});
