import { z } from 'zod';
import { apiPath } from './api-path.ts';
import { parseAnswer, parseJsonAnswer } from './parse-answer.ts';
import { retryingGet } from './retry.ts';
import { statusFailure } from './status-failure.ts';
import type { Transport } from './transport.ts';

/** What is asked about: `patch` of `deployments.apps` in `shop`. Without a namespace: in all of them. */
export type AccessQuestion = {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
};
export type AccessAnswer = { readonly allowed: boolean; readonly reason?: string };

/** The one question of a read client that is no GET: whether its own identity may do something. */
export type AskAccess = (question: AccessQuestion, signal?: AbortSignal) => Promise<AccessAnswer>;

const Review = z.object({ status: z.object({ allowed: z.boolean(), reason: z.string().optional() }) });
const apiVersion = 'authorization.k8s.io/v1';
const kind = 'SelfSubjectAccessReview';

/**
 * Asks by a SelfSubjectAccessReview: a POST that stores nothing, sent as a dry run besides, to one path that nobody chooses.
 * What is asked about travels in its body alone. Asked again like a GET, because asking changes nothing.
 */
export function accessAsker(transport: Transport): AskAccess {
  const path = apiPath({ group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectaccessreviews' });
  return async (question, signal) => {
    const body = JSON.stringify({ apiVersion, kind, spec: { resourceAttributes: question } });
    const headers = { 'content-type': 'application/json' };
    const asked = { body, headers, query: { dryRun: 'All' }, signal };
    const { status, text } = await retryingGet(() => transport.exchange('POST', path, asked), signal);
    if (status < 200 || status > 299) throw statusFailure(status, text);
    const { allowed, reason } = parseAnswer(Review, parseJsonAnswer(text), 'access reviews').status;
    return { allowed, ...(reason ? { reason } : {}) };
  };
}
