import type { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import type { Metrics } from './metrics.ts';
import type { Spans } from './spans.ts';
import { watch } from './watch.ts';

/** As `libs/kube` describes it; named here by its channel, so that services without a cluster do not load that lib. */
type Requesting = { readonly method: string; readonly path: string; readonly dryRun: boolean; status?: number };

export function watchKube(
  watching: { readonly spans: Spans; readonly current: AsyncLocalStorage<string | undefined> },
  metrics: Metrics,
): () => void {
  return watch(tracingChannel<Requesting, unknown>('skyflo:kube.request'), watching, {
    isOurs: () => true,
    kind: 'client',
    nameOf: ({ method, path }) => `${method} ${path}`,
    attributesOf: ({ status = 0, dryRun }) => ({ 'http.response.status_code': status, 'skyflo.dry_run': dryRun }),
    ended: ({ method, dryRun, status = 0 }, { seconds }) =>
      metrics.kubeRequests.observe({ method, dry_run: String(dryRun), status }, seconds),
  });
}
