import { Failure } from '@skyflo/contracts';
import { codeOf } from './error-code.ts';

/** Errors of opening a connection: not one byte of the request has left. */
const unsent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const words: { readonly [code: string]: string } = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'its answer stopped halfway',
  UND_ERR_SOCKET: 'it closed the connection',
  ECONNRESET: 'it closed the connection',
  TimeoutError: 'it did not answer in time',
};

/** Whether it is certain that nothing of the request reached the API server. */
export function isUnsent(error: unknown): boolean {
  const code = codeOf(error);
  return unsent.has(code) || isCertificateCode(code);
}

/** A connection that failed, as a retryable Failure `ClusterUnreachable` with one sentence; a wrong certificate is terminal. */
export function connectionFailure(error: unknown, server: URL): Failure {
  const code = codeOf(error);
  const at = `The cluster at ${server.origin}`;
  if (isCertificateCode(code))
    return Failure.terminal('ClusterUntrusted', `${at} shows a certificate that is not trusted (${code}).`, {
      cause: error,
    });
  const why = words[code] ?? (code || 'the connection failed');
  return Failure.retryable('ClusterUnreachable', `${at} cannot be reached: ${why}.`, { cause: error });
}

function isCertificateCode(code: string): boolean {
  return code.startsWith('ERR_TLS') || /CERT|SIGNATURE|ISSUER/.test(code);
}
