import { describe, expect, it } from '@jest/globals';
import { accessOf, loadKubeconfig, parseKubeconfig } from './kubeconfig.ts';

const text = `
current-context: prod
clusters:
  - { name: big, cluster: { server: 'https://k8s.example:6443', certificate-authority-data: Y2E=, tls-server-name: api.internal } }
  - { name: lax, cluster: { server: 'https://lax.example', insecure-skip-tls-verify: true } }
users:
  - { name: token, user: { token: abc } }
  - { name: cert, user: { client-certificate-data: Y2VydA==, client-key-data: a2V5 } }
contexts:
  - { name: prod, context: { cluster: big, user: token, namespace: shop } }
  - { name: stage, context: { cluster: lax, user: cert } }
  - { name: torn, context: { cluster: gone, user: cert } }
`;
const kubeconfig = parseKubeconfig(text, '/home/ada/.kube/config');

describe('a kubeconfig', () => {
  it('gives the current context by default', async () => {
    const access = await accessOf(kubeconfig);
    expect(access).toMatchObject({ namespace: 'shop', tls: { ca: 'ca', servername: 'api.internal', insecure: false } });
    expect(access.server.href).toBe('https://k8s.example:6443/');
    await expect(access.credentials.present()).resolves.toEqual({ headers: { authorization: 'Bearer abc' } });
  });

  it('gives a client certificate, and leaves TLS unchecked only where it says so', async () => {
    const access = await accessOf(kubeconfig, 'stage');
    expect(access.tls.insecure).toBe(true);
    await expect(access.credentials.present()).resolves.toEqual({
      headers: {},
      certificate: { cert: 'cert', key: 'key' },
    });
  });

  it('names the contexts that exist where the wanted one does not', async () => {
    await expect(accessOf(kubeconfig, 'qa')).rejects.toMatchObject({
      code: 'KubeconfigInvalid',
      message: 'The kubeconfig /home/ada/.kube/config has no context "qa"; it has "prod", "stage", "torn".',
    });
    await expect(accessOf(kubeconfig, 'torn')).rejects.toThrow('has no cluster "gone"; it has "big", "lax".');
  });

  it('says in one sentence what is wrong with the file', async () => {
    await expect(loadKubeconfig('/nowhere/config')).rejects.toThrow('The kubeconfig /nowhere/config does not exist.');
    expect(() => parseKubeconfig('a: [', 'c')).toThrow('The kubeconfig c is not valid YAML.');
    expect(() => parseKubeconfig('clusters: [{ name: a, cluster: {} }]', 'c')).toThrow(
      'The kubeconfig c is wrong at clusters.0.cluster.server',
    );
  });
});
