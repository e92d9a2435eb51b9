import { keyOf, objectOf, type Snapshot, warningsOf } from './snapshot.ts';
import { describeCall, quote, type Trouble } from './trouble.ts';

/** Rollouts that passed their deadline. What keeps their pods from running is told by the pods, and explains this. */
export function stuckRollouts({ workloads }: Snapshot): Trouble[] {
  return workloads.flatMap((workload) => {
    const stuck = workload.status.conditions.find(({ reason }) => reason === 'ProgressDeadlineExceeded');
    if (!stuck || workload.spec.replicas === 0) return [];
    const object = objectOf(workload.kind, workload);
    const { readyReplicas } = workload.status;
    const { kind, name, namespace = '' } = object;
    return [
      {
        severity: readyReplicas > 0 ? ('warning' as const) : ('critical' as const),
        kind: 'RolloutStuck' as const,
        object,
        why: `Its rollout has passed its deadline with ${readyReplicas} of ${workload.spec.replicas ?? 1} pods ready.`,
        said: quote(stuck.message),
        next: { tool: 'k8s_rollout_status', args: { kind, name, namespace } },
        because: [keyOf(object)],
      },
    ];
  });
}

/** Jobs that gave up. Of a CronJob only the newest run counts: what went wrong before it is over. */
export function failedJobs(snapshot: Snapshot): Trouble[] {
  const newest = new Map<string, Snapshot['workloads'][number]>();
  for (const job of snapshot.workloads.filter(({ kind }) => kind === 'Job')) {
    const owner = job.metadata.ownerReferences.find(({ controller }) => controller === true);
    const key = owner ? `${job.metadata.namespace ?? ''}/${owner.name}` : keyOf(objectOf('Job', job));
    const known = newest.get(key);
    if (!known || known.metadata.creationTimestamp < job.metadata.creationTimestamp) newest.set(key, job);
  }
  return [...newest.values()].flatMap((job) => {
    const failed = job.status.conditions.find(({ type, status }) => type === 'Failed' && status === 'True');
    if (!failed) return [];
    const object = objectOf('Job', job);
    const { name, namespace = '' } = object;
    return [
      {
        severity: 'warning' as const,
        kind: 'JobFailed' as const,
        object,
        why: `It gave up after ${job.status.failed || 1} failed ${job.status.failed === 1 ? 'pod' : 'pods'} (${failed.reason}).`,
        said: [
          ...quote(failed.message),
          ...warningsOf(snapshot, object)
            .slice(0, 1)
            .flatMap(({ message }) => quote(message)),
        ],
        next:
          job.status.failed > 0 ? { tool: 'k8s_logs', args: { kind: 'Job', name, namespace } } : describeCall(object),
        because: [keyOf(object)],
      },
    ];
  });
}
