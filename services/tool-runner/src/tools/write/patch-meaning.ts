import type { FieldChange, Notice, Plan } from '@skyflo/contracts';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import { templateKeys } from '../../domain/containers.ts';
import { toPointer, valueAt } from '../../domain/json-pointer.ts';
import { newTemplate, type NewTemplate } from './new-template.ts';
import type { Target } from './checks.ts';
import { noPods } from './pods.ts';

/** Kinds whose controllers make pods of a template. */
const templated: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob']);
const scaled: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'ReplicaSet']);
/** Who may do what, and what every request has to pass. */
const farReaching: ReadonlySet<string> = new Set([
  'rbac.authorization.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
]);

/** What a patch of any field means, as far as it can be told from which fields those are. */
export function patchMeaning(
  type: ResourceType,
  live: KubeObject,
  changes: readonly FieldChange[],
  asked: Target,
): NewTemplate {
  const touches = (keys: readonly string[]) => {
    const place = toPointer(keys);
    return changes.some(({ path }) => path === place || path.startsWith(`${place}/`));
  };
  const rollout = templated.has(type.kind) && touches(templateKeys(type.kind)) ? newTemplate(live, asked) : undefined;
  const pods = scaled.has(type.kind) ? scaledBy(live, changes) : { added: 0, removed: 0 };
  const released = touches(['metadata', 'finalizers']);
  return {
    risk: riskOf(type, { rollout, removed: pods.removed, released }),
    blastRadius: {
      ...(rollout?.blastRadius ?? { ...noPods, summary: 'Which pods it concerns cannot be told from its fields.' }),
      ...(pods.added + pods.removed > 0
        ? {
            podsAdded: pods.added,
            podsRemoved: pods.removed,
            summary: `${rollout ? `${rollout.blastRadius.summary} ` : ''}Pods started: ${pods.added}, ended: ${pods.removed}.`,
          }
        : {}),
    },
    warnings: [...(rollout?.warnings ?? []), ...(released ? [finalizersGo] : [])],
    notKnownYet: rollout?.notKnownYet ?? [],
    checks: (what) => rollout?.checks(what) ?? [],
  };
}

const finalizersGo: Notice = {
  code: 'FinalizersChanged',
  message: 'Whoever waits for a finalizer to clean up does not do so any more once it is gone.',
};

function scaledBy(
  live: KubeObject,
  changes: readonly FieldChange[],
): { readonly added: number; readonly removed: number } {
  const to = changes.find(({ path }) => path === '/spec/replicas')?.to;
  const from = valueAt(live, ['spec', 'replicas']);
  if (typeof to !== 'number' || typeof from !== 'number') return { added: 0, removed: 0 };
  return { added: Math.max(0, to - from), removed: Math.max(0, from - to) };
}

function riskOf(
  { group }: ResourceType,
  what: { readonly rollout: NewTemplate | undefined; readonly removed: number; readonly released: boolean },
): Plan['risk'] {
  const high = [
    ...(farReaching.has(group) ? ['It changes who may do what in the cluster, or what the cluster understands.'] : []),
    ...(what.released ? [finalizersGo.message] : []),
    ...(what.rollout?.risk.level === 'high' ? what.rollout.risk.reasons : []),
  ];
  if (high.length > 0) return { level: 'high', reasons: high };
  const fewer = what.removed > 0 ? [`${what.removed} pods fewer have to carry the load.`] : [];
  return { level: 'medium', reasons: [...fewer, 'A patch can change any field: read each of them.'] };
}
