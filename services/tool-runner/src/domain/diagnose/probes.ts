import { containersOf, howMany, isReady, severityOf, sickFamilies } from './families.ts';
import type { Pod, Warning } from './objects.ts';
import { keyOf, objectOf, type Snapshot, warningsOf } from './snapshot.ts';
import { describeCall, quote, type Trouble } from './trouble.ts';

/** What is young may still become ready by itself. */
const graceMs = 60_000;
/** An event that is older says nothing about now. */
const recentMs = 15 * 60_000;

/** Probes that fail: pods that run and get no traffic, or are started anew again and again. */
export function failingProbes(snapshot: Snapshot): Trouble[] {
  return sickFamilies(snapshot, (pod) => {
    const failure = probeFailure(snapshot, pod);
    if (failure === undefined) return undefined;
    return isKilledByProbe(snapshot, pod) || isRunningUnready(pod) ? failure : undefined;
  }).map((found) => {
    const { seen, pod } = found.first;
    const probe = /^(\w+) probe/.exec(seen.message)?.[1] ?? 'A';
    const effect = probe === 'Readiness' ? 'no traffic for' : 'it ends, again and again,';
    return {
      severity: severityOf(found.family),
      kind: 'ProbeFailing',
      object: found.family.root,
      why: `The ${probe.toLowerCase()} probe fails; ${effect} ${howMany(found)}.`,
      said: quote(seen.message),
      next: {
        tool: 'k8s_logs',
        args: { kind: 'Pod', name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' },
      },
    };
  });
}

/** Pods that should be ready by now, where no probe, image, crash or scheduler says why they are not. */
export function unreadyPods(snapshot: Snapshot): Trouble[] {
  const notReady = new Set(
    snapshot.nodes
      .filter(({ status }) => status.conditions.some(({ type, status: is }) => type === 'Ready' && is !== 'True'))
      .map(({ metadata }) => metadata.name),
  );
  return sickFamilies(snapshot, (pod) => {
    if (notReady.has(pod.spec.nodeName) && !isReady(pod)) return 'its node is not ready';
    if (!isOld(snapshot, pod) || probeFailure(snapshot, pod) !== undefined) return undefined;
    return isRunningUnready(pod) ? 'no event says why' : undefined;
  }).map((found) => ({
    severity: severityOf(found.family),
    kind: 'NotReady',
    object: found.family.root,
    why: `Not ready: ${howMany(found)}; ${found.first.seen}.`,
    said: found.first.pod.status.conditions
      .filter(({ type, status }) => type === 'Ready' && status !== 'True')
      .flatMap(({ reason, message }) => quote([reason, message].filter(Boolean).join(': '))),
    next: describeCall(objectOf('Pod', found.first.pod)),
    because: [keyOf({ kind: 'Node', name: found.first.pod.spec.nodeName })],
  }));
}

/** Ended from outside after its liveness or startup probe failed: the probe is the trouble, not the program. */
export function isKilledByProbe(snapshot: Snapshot, pod: Pod): boolean {
  const failure = probeFailure(snapshot, pod, /^(Liveness|Startup) probe/);
  if (failure === undefined) return false;
  return containersOf(pod).some(({ restartCount, lastState }) => {
    const code = lastState.terminated?.exitCode;
    return restartCount > 0 && (code === undefined || code === 0 || code === 137 || code === 143);
  });
}

function probeFailure(snapshot: Snapshot, pod: Pod, which = / probe /): Warning | undefined {
  return warningsOf(snapshot, objectOf('Pod', pod)).find(
    ({ reason, message, at }) =>
      reason === 'Unhealthy' && which.test(message) && snapshot.now.getTime() - at < recentMs,
  );
}

function isRunningUnready(pod: Pod): boolean {
  const { containerStatuses } = pod.status;
  return (
    containerStatuses.length > 0 &&
    containerStatuses.every(({ state }) => state.running !== undefined && state.running !== null) &&
    containerStatuses.some(({ ready }) => ready !== true)
  );
}

export function isOld({ now }: Snapshot, { metadata }: Pod): boolean {
  return now.getTime() - (Date.parse(metadata.creationTimestamp) || 0) > graceMs;
}
