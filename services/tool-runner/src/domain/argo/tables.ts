import type { KubeObject } from '@skyflo/kube';
import { ageOf } from '../age.ts';
import { textTable } from '../text-table.ts';
import { phaseOf, strategyOf, toRollout, wantedPods } from './rollout.ts';
import { stepIndexOf, stepsOf, wantedWeight } from './steps.ts';
import { AnalysisRun } from './runs.ts';

type Shown = { readonly withNamespace: boolean; readonly now: Date };

/** Rollouts as `kubectl argo rollouts list rollouts` tells them: what they are at, before how many pods they have. */
export function rolloutTable(items: readonly KubeObject[], shown: Shown): string {
  const header = ['name', 'strategy', 'status', 'step', 'weight', 'desired', 'current', 'updated', 'available', 'age'];
  const rows = items.map((item) => {
    const rollout = toRollout(item);
    const { status } = rollout;
    const isCanary = strategyOf(rollout) === 'canary';
    const steps = stepsOf(rollout).length;
    const { phase } = phaseOf(rollout);
    return [
      item.metadata.name,
      isCanary ? 'Canary' : 'BlueGreen',
      phase,
      steps === 0 ? '-' : `${Math.min(stepIndexOf(rollout), steps)}/${steps}`,
      isCanary ? String(wantedWeight(rollout)) : '-',
      String(wantedPods(rollout)),
      String(status.replicas ?? 0),
      String(status.updatedReplicas ?? 0),
      String(status.availableReplicas ?? 0),
      ageOf(item.metadata.creationTimestamp, shown.now),
    ];
  });
  return withNamespaces(items, { header, rows }, shown);
}

/** Experiments or analysis runs, with whose they are. */
export function runTable(items: readonly KubeObject[], shown: Shown): string {
  const rows = items.map((item) => {
    const { status } = AnalysisRun.pick({ status: true }).loose().parse(item);
    const owner = item.metadata.ownerReferences?.find(({ controller }) => controller === true);
    return [
      item.metadata.name,
      status.phase ?? 'Pending',
      owner === undefined ? '-' : `${owner.kind} ${owner.name}`,
      ageOf(item.metadata.creationTimestamp, shown.now),
    ];
  });
  return withNamespaces(items, { header: ['name', 'status', 'of', 'age'], rows }, shown);
}

function withNamespaces(
  items: readonly KubeObject[],
  { header, rows }: { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] },
  { withNamespace }: Shown,
): string {
  if (!withNamespace) return textTable(header, rows);
  const namespaces = items.map(({ metadata }) => metadata.namespace ?? '');
  return textTable(
    ['namespace', ...header],
    rows.map((row, n) => [namespaces[n] ?? '', ...row]),
  );
}
