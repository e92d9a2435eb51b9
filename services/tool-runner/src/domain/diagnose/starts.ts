import { containersOf, howMany, severityOf, sickFamilies } from './families.ts';
import type { Pod } from './objects.ts';
import { objectOf, type Snapshot, warningsOf } from './snapshot.ts';
import { describeCall, quote, type Trouble } from './trouble.ts';

const reasons =
  /^(CreateContainerConfigError|CreateContainerError|RunContainerError|PreStartHookError|PostStartHookError)$/;
const blocking = /^(FailedMount|FailedAttachVolume|FailedMapVolume|FailedCreatePodSandBox|NetworkNotReady)$/;

/** Containers that cannot be made: a ConfigMap, Secret or key that is missing, a command that does not exist. */
export function containerConfigs(snapshot: Snapshot): Trouble[] {
  return sickFamilies(snapshot, (pod) =>
    containersOf(pod).find(({ state }) => reasons.test(state.waiting?.reason ?? '')),
  ).map((found) => {
    const { name, state } = found.first.seen;
    const missing = /(configmap|secret) "([^"]+)" not found/.exec(state.waiting?.message ?? '');
    const what =
      missing === null
        ? 'cannot be made'
        : `needs ${missing[1] === 'secret' ? 'Secret' : 'ConfigMap'} ${missing[2] ?? ''}, which is not there`;
    return {
      severity: severityOf(found.family),
      kind: 'ContainerConfig',
      object: found.family.root,
      why: `Container ${name} ${what}, so ${howMany(found)} cannot start.`,
      said: quote(`${state.waiting?.reason ?? ''}: ${state.waiting?.message ?? ''}`),
      next: describeCall(found.family.root),
      ...(missing === null ? {} : { cause: missing[0] }),
    };
  });
}

/** Pods on a node whose containers wait for a volume or the network. */
export function blockedStarts(snapshot: Snapshot): Trouble[] {
  return sickFamilies(snapshot, (pod) =>
    isCreating(pod)
      ? warningsOf(snapshot, objectOf('Pod', pod)).find(({ reason }) => blocking.test(reason))
      : undefined,
  ).map((found) => ({
    severity: severityOf(found.family),
    kind: 'StartBlocked',
    object: found.family.root,
    why: `${found.first.seen.reason} keeps ${howMany(found)} from starting.`,
    said: quote(found.first.seen.message),
    next: describeCall(objectOf('Pod', found.first.pod)),
  }));
}

function isCreating({ spec, status }: Pod): boolean {
  return (
    spec.nodeName !== '' && status.phase === 'Pending' && !status.containerStatuses.some(({ state }) => state.running)
  );
}
