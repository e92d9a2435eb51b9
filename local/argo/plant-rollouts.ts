import { join } from 'node:path';
import type { ApiClient } from '../cluster/api-client.ts';
import { applyManifests, readManifests } from '../cluster/manifests.ts';
import { waitFor } from '../servers/wait-for.ts';

const storefront = '/api/v1/namespaces/storefront';
const rollouts = '/apis/argoproj.io/v1alpha1/namespaces/storefront/rollouts';
const planted = 'sandbox.skyflo.ai/planted';
const newImages = { web: 'registry.shop.example/web:12.2.0', api: 'registry.shop.example/api:4.0.1' };

/** Plants a canary and a blue-green rollout once, each in the middle of an update that waits for somebody to decide. */
export async function plantRollouts(admin: ApiClient, signal?: AbortSignal): Promise<void> {
  const { status, body } = await admin.request(storefront, { signal });
  if (status === 200 && annotationsOf(body)[planted] !== undefined) return;
  const objects = await readManifests(join(import.meta.dirname, 'seed'));
  await applyManifests(
    admin,
    objects.toSorted((a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace')),
    signal,
  );
  // Their first version has to be the stable one before a second can be on its way.
  for (const [name, image] of Object.entries(newImages)) {
    await waitFor(async () => phaseOf(await admin.expect(`${rollouts}/${name}`, { signal })) === 'Healthy', {
      timeoutMs: 120_000,
      signal,
      what: `the rollout ${name}`,
    });
    await admin.expect(`${rollouts}/${name}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json-patch+json' },
      body: [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }],
      signal,
    });
  }
  await admin.expect(storefront, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { metadata: { annotations: { [planted]: new Date().toISOString() } } },
    signal,
  });
}

function annotationsOf(object: unknown): Readonly<Record<string, string>> {
  const { metadata } = object as { metadata: { annotations?: Record<string, string> } };
  return metadata.annotations ?? {};
}

function phaseOf(rollout: unknown): string | undefined {
  return (rollout as { status?: { phase?: string } }).status?.phase;
}
