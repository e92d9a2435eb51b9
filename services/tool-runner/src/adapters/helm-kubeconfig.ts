import type { ClusterAccess } from '@skyflo/kube';
import { stringify } from 'yaml';

/** Who a program is while it carries out a grant: itself, with the grant as extra, which the admission guard asks for. */
export type Impersonation = { readonly user: string; readonly grantId: string };

/** An access as a kubeconfig for one run of a program: the credentials as they are now, no plugin that would be run. */
export async function kubeconfigOf(
  access: ClusterAccess,
  { as, signal }: { as: Impersonation | undefined; signal: AbortSignal },
): Promise<string> {
  const { server, tls, credentials } = access;
  const { headers, certificate } = await credentials.present(signal);
  const cluster = {
    server: server.href.replace(/\/$/, ''),
    ...(tls.ca === undefined ? {} : { 'certificate-authority-data': base64(tls.ca) }),
    ...(tls.servername === undefined ? {} : { 'tls-server-name': tls.servername }),
    ...(tls.insecure ? { 'insecure-skip-tls-verify': true } : {}),
  };
  const user = {
    ...authorization(headers['authorization']),
    ...(certificate && {
      'client-certificate-data': base64(certificate.cert),
      'client-key-data': base64(certificate.key),
    }),
    ...(as && { as: as.user, 'as-user-extra': { 'skyflo.ai/grant': [as.grantId] } }),
  };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'it',
    clusters: [{ name: 'it', cluster }],
    users: [{ name: 'it', user }],
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
  });
}

function authorization(header: string | undefined): object {
  const [, scheme, text = ''] = /^(Bearer|Basic) (.+)$/.exec(header ?? '') ?? [];
  if (scheme === 'Bearer') return { token: text };
  if (scheme !== 'Basic') return {};
  const [username = '', ...password] = Buffer.from(text, 'base64').toString('utf8').split(':');
  return { username, password: password.join(':') };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
