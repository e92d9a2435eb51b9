import { waitFor } from '../servers/wait-for.ts';
import { messageOf } from './api-client.ts';
import type { ApiClient } from './api-client.ts';

const victim = '/api/v1/namespaces/skyflo/serviceaccounts/runner-read';

/**
 * A policy works some moments after it was accepted. Waits until the API server refuses something that
 * only the guard forbids: a delete that names no uid. It is a dry run, so it harms nobody if it passes.
 */
export async function waitForGuard(writer: ApiClient, signal?: AbortSignal): Promise<void> {
  const isRefused = async () => {
    const { body } = await writer.request(`${victim}?dryRun=All`, { method: 'DELETE', signal });
    return messageOf(body).includes('SkyfloNoUid');
  };
  await waitFor(isRefused, { timeoutMs: 30_000, signal, what: 'the guard to refuse what it must' });
}
