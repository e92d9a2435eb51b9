import { ageOf } from '../age.ts';
import { containersOf, howMany, severityOf, type Sick, sickFamilies } from './families.ts';
import type { ContainerStatus, Pod } from './objects.ts';
import { isKilledByProbe } from './probes.ts';
import { objectOf, type Snapshot } from './snapshot.ts';
import { describeCall, quote, type Trouble } from './trouble.ts';

type Ended = NonNullable<ContainerStatus['state']['terminated']>;
type Crash = { readonly status: ContainerStatus; readonly ended: Ended | undefined };

/** A pod that runs again is still worth a word for so long after it was killed for memory. */
const rememberedMs = 60 * 60_000;

/** Containers that end again and again, with their last words; being killed for memory or by a probe is told apart. */
export function crashLoops(snapshot: Snapshot): Trouble[] {
  return sickFamilies(snapshot, (pod) => {
    const crash = crashOf(pod);
    return crash && !isOutOfMemory(crash) && !isKilledByProbe(snapshot, pod) ? crash : undefined;
  }).map((found) => {
    const { pod, seen } = found.first;
    const namespace = pod.metadata.namespace ?? '';
    const at = { namespace, pod: pod.metadata.name, container: seen.status.name };
    return {
      severity: severityOf(found.family),
      kind: 'CrashLoop',
      object: found.family.root,
      why: `Container ${seen.status.name} ${endWords(seen)} after every start: ${howMany(found)}, ${restartsOf(found)}.`,
      said: quote(seen.ended?.message ?? ''),
      next: {
        tool: 'k8s_logs',
        args: { kind: 'Pod', name: at.pod, namespace, container: at.container, previous: seen.status.restartCount > 0 },
      },
      log: at,
    };
  });
}

/** Containers that the kernel ended because they took more memory than their limit. */
export function outOfMemory(snapshot: Snapshot): Trouble[] {
  return sickFamilies(snapshot, (pod) => {
    const status = containersOf(pod).find((one) => isOutOfMemory({ status: one, ended: lastEnd(one) }));
    if (!status) return undefined;
    const at = Date.parse(lastEnd(status)?.finishedAt ?? '') || snapshot.now.getTime();
    const runs = status.state.running !== undefined && status.state.running !== null && status.ready === true;
    return runs && snapshot.now.getTime() - at > rememberedMs ? undefined : { status, runs, at: new Date(at) };
  }).map((found) => {
    const { pod, seen } = found.first;
    const limit = pod.spec.containers.find(({ name }) => name === seen.status.name)?.resources['memory'];
    const than = limit === undefined ? 'than its node had left; it has no limit' : `than its limit of ${limit}`;
    const when = ageOf(seen.at.toISOString(), snapshot.now);
    return {
      severity: seen.runs ? 'warning' : severityOf(found.family),
      kind: 'OutOfMemory',
      object: found.family.root,
      why: `Container ${seen.status.name} takes more memory ${than} and is killed: ${howMany(found)}, last ${when} ago.`,
      said: [`OOMKilled, exit code ${lastEnd(seen.status)?.exitCode ?? 137}, ${restartsOf(found)}`],
      next: describeCall(found.family.root),
    };
  });
}

/** Pods that ended for good and are no Job's: evicted, or ended by themselves where nothing starts them again. */
export function failedPods(snapshot: Snapshot): Trouble[] {
  return sickFamilies(snapshot, (pod) => (pod.status.phase === 'Failed' ? pod.status : undefined))
    .filter(({ family }) => family.root.kind !== 'Job' && family.root.kind !== 'CronJob')
    .map((found) => ({
      severity: severityOf(found.family),
      kind: 'PodFailed',
      object: found.family.root,
      why: `${found.first.seen.reason || 'Failure'} ended ${howMany(found)} for good.`,
      said: quote(found.first.seen.message),
      next: describeCall(objectOf('Pod', found.first.pod)),
    }));
}

function crashOf(pod: Pod): Crash | undefined {
  if (pod.status.phase === 'Failed') return undefined;
  const status = containersOf(pod).find(({ state }) => {
    if (state.waiting?.reason === 'CrashLoopBackOff') return true;
    return state.terminated !== undefined && state.terminated !== null && state.terminated.exitCode !== 0;
  });
  return status && { status, ended: lastEnd(status) };
}

function lastEnd({ state, lastState }: ContainerStatus): Ended | undefined {
  return state.terminated ?? lastState.terminated ?? undefined;
}

function isOutOfMemory({ ended }: Crash): boolean {
  return ended?.reason === 'OOMKilled';
}

function endWords({ ended }: Crash): string {
  if (ended === undefined) return 'ends';
  return ended.exitCode === 0 ? 'ends by itself (exit code 0)' : `fails (exit code ${ended.exitCode})`;
}

function restartsOf({ sick }: Sick<{ readonly status: ContainerStatus }>): string {
  const most = Math.max(...sick.map(({ seen }) => seen.status.restartCount));
  return most === 1 ? '1 restart' : `${most} restarts`;
}
