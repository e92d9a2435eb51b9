import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import type { ClusterAccess } from './access.ts';
import { apiPath } from './api-path.ts';
import { parseAnswer, parseJsonAnswer } from './parse-answer.ts';
import { statusFailure } from './status-failure.ts';
import { Transport } from './transport.ts';

const SelfSubjectReview = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) });

/**
 * The user name under which the API server knows this identity. Asked as a dry run, because the admission guard refuses every
 * real write without a grant, and a review counts as one.
 */
export async function ownServiceAccount(transport: Transport): Promise<string> {
  const path = apiPath({ group: 'authentication.k8s.io', version: 'v1', resource: 'selfsubjectreviews' });
  const exchange = await transport.exchange('POST', path, {
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
    query: { dryRun: 'All' },
    headers: { 'content-type': 'application/json' },
  });
  if (exchange.kind === 'failed') throw exchange.failure;
  const { status, text } = exchange.answer;
  if (status !== 200 && status !== 201) throw statusFailure(status, text);
  const { username } = parseAnswer(SelfSubjectReview, parseJsonAnswer(text), 'SelfSubjectReviews').status.userInfo;
  if (username.startsWith('system:serviceaccount:')) return username;
  throw Failure.terminal(
    'IdentityUnfit',
    `The write identity is ${username}, not a ServiceAccount of the runner's own.`,
  );
}

/** The ServiceAccount that an access stands for, for programs that have to impersonate themselves. Throws where it is none. */
export async function serviceAccountOf(access: ClusterAccess): Promise<string> {
  const transport = new Transport(access, { connections: 1 });
  try {
    return await ownServiceAccount(transport);
  } finally {
    await transport.close();
  }
}
