import type { FoundObject } from '@skyflo/contracts';
import type { Controller } from './objects.ts';
import { keyOf, objectOf, type Snapshot, warningsOf } from './snapshot.ts';
import { describeCall, type NextCall, quote, type Trouble } from './trouble.ts';

/** An event stays for an hour; one that is older than this may be of a trouble that is over. */
const recentMs = 30 * 60_000;

/** Pods that the API server refuses to take: quotas, limits, pod security, webhooks. Only where pods are missing now. */
export function refusedCreations(snapshot: Snapshot): Trouble[] {
  const running = podsByOwner(snapshot);
  const troubles = new Map<string, Trouble>();
  for (const controller of [...snapshot.replicaSets, ...snapshot.workloads]) {
    const there = running.get(keyOf(objectOf(controller.kind, controller))) ?? 0;
    const wanted = wantedPods(controller);
    const said = there < wanted ? refusalOf(snapshot, controller) : undefined;
    if (said === undefined) continue;
    const object = topOf(controller);
    troubles.set(keyOf(object), {
      severity: there === 0 ? 'critical' : 'warning',
      kind: 'CreationRefused',
      object,
      ...words(said, { there, wanted }, object),
    });
  }
  return [...troubles.values()];
}

/** Quotas that are used up: what comes next will be refused. */
export function fullQuotas({ quotas }: Snapshot): Trouble[] {
  return quotas.flatMap((quota) => {
    const { hard, used } = quota.status;
    const full = Object.keys(hard).filter((name) => hard[name] === used[name] && `${hard[name]}` !== '0');
    if (full.length === 0) return [];
    const object = objectOf('ResourceQuota', quota);
    const said = full.map((name) => `${name}: ${used[name]} of ${hard[name]}`).slice(0, 4);
    const why = 'It is used up: the next pod or object of that kind will be refused.';
    return [{ severity: 'info' as const, kind: 'QuotaFull' as const, object, why, said, next: describeCall(object) }];
  });
}

function refusalOf(snapshot: Snapshot, controller: Controller): string | undefined {
  const failure = controller.status.conditions.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  if (failure) return failure.message;
  return warningsOf(snapshot, objectOf(controller.kind, controller)).find(
    ({ reason, at }) => reason === 'FailedCreate' && snapshot.now.getTime() - at < recentMs,
  )?.message;
}

type Words = Pick<Trouble, 'why' | 'said' | 'next' | 'cause'>;

function words(message: string, pods: { there: number; wanted: number }, object: FoundObject): Words {
  const { namespace = '' } = object;
  const has = `${pods.there} of ${pods.wanted} pods exist`;
  const said = quote(message.replace(/pods "[^"]+" is forbidden/, 'pods are forbidden'));
  const quota = /exceeded quota: ([^,]+)/.exec(message)?.[1];
  if (quota !== undefined)
    return {
      why: `ResourceQuota ${quota} is used up, so ${has}.`,
      said,
      next: describeCall({ kind: 'ResourceQuota', namespace, name: quota }),
      cause: quota,
    };
  const missing = /failed quota: ([^:]+): must specify/.exec(message)?.[1];
  if (missing !== undefined)
    return {
      why: `ResourceQuota ${missing} takes only pods that name their requests and limits, so ${has}.`,
      said,
      next: describeCall(object),
      cause: missing,
    };
  const limits = /(maximum|minimum) \w+ usage per/.test(message);
  const next: NextCall = limits ? { tool: 'k8s_get', args: { kind: 'LimitRange', namespace } } : describeCall(object);
  const who = limits ? 'A LimitRange does not allow its requests or limits' : 'The API server refuses its pods';
  return { why: `${who}, so ${has}.`, said, next, cause: said.join(' ') };
}

function wantedPods({ kind, spec, status }: Controller): number {
  if (kind === 'Job') return status.conditions.length > 0 ? 0 : 1;
  // A Deployment's pods are made by its ReplicaSets.
  if (kind === 'Deployment') return 0;
  return kind === 'DaemonSet' ? status.desiredNumberScheduled : (spec.replicas ?? 1);
}

function podsByOwner({ pods }: Snapshot): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { metadata } of pods) {
    const owner = metadata.ownerReferences.find(({ controller }) => controller === true);
    if (!owner) continue;
    const key = keyOf(objectOf(owner.kind, { metadata: { name: owner.name, namespace: metadata.namespace } }));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function topOf(controller: Controller): FoundObject {
  const owner = controller.metadata.ownerReferences.find(({ controller: is }) => is === true);
  return owner
    ? objectOf(owner.kind, { metadata: { name: owner.name, namespace: controller.metadata.namespace } })
    : objectOf(controller.kind, controller);
}
