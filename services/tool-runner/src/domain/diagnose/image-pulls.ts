import type { FoundObject } from '@skyflo/contracts';
import { containersOf, howMany, imageOf, severityOf, sickFamilies } from './families.ts';
import type { Pod } from './objects.ts';
import { objectOf, type Snapshot, warningsOf } from './snapshot.ts';
import { describeCall, type NextCall, quote, type Trouble } from './trouble.ts';

const reasons =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)$/;
const settable = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Images that no node can get. Where an earlier revision ran another image, going back to it is the next step. */
export function imagePulls(snapshot: Snapshot): Trouble[] {
  return sickFamilies(snapshot, pullTrouble).map((found) => {
    const { root } = found.family;
    const { container, image, message } = found.first.seen;
    const earlier = earlierImage(snapshot, root, container, image);
    const instead = earlier === undefined ? '' : ` An earlier revision ran ${earlier}.`;
    return {
      severity: severityOf(found.family),
      kind: 'ImagePull',
      object: root,
      why: `The image ${image} cannot be pulled, so ${howMany(found)} cannot start.${instead}`,
      said: quote(pullError(snapshot, found.first.pod) ?? message),
      next: nextCall(root, container, earlier),
      cause: image,
    };
  });
}

function pullTrouble(pod: Pod): { container: string; image: string; message: string } | undefined {
  const status = containersOf(pod).find(({ state }) => reasons.test(state.waiting?.reason ?? ''));
  if (!status) return undefined;
  return { container: status.name, image: imageOf(pod, status.name), message: status.state.waiting?.message ?? '' };
}

function pullError(snapshot: Snapshot, pod: Pod): string | undefined {
  return warningsOf(snapshot, objectOf('Pod', pod)).find(
    ({ reason, message }) => reason === 'Failed' && message.startsWith('Failed to pull'),
  )?.message;
}

/** Of the Deployment's other ReplicaSets: one with ready pods first, else the newest. */
function earlierImage(
  { replicaSets }: Snapshot,
  root: FoundObject,
  container: string,
  bad: string,
): string | undefined {
  const revision = (annotations: { readonly [key: string]: string }) =>
    Number(annotations['deployment.kubernetes.io/revision'] ?? 0);
  return replicaSets
    .filter(
      ({ metadata }) =>
        metadata.namespace === root.namespace &&
        metadata.ownerReferences.some(({ kind, name }) => kind === root.kind && name === root.name),
    )
    .toSorted(
      (a, b) =>
        b.status.readyReplicas - a.status.readyReplicas ||
        revision(b.metadata.annotations) - revision(a.metadata.annotations),
    )
    .flatMap(({ spec }) => spec.template?.spec.containers ?? [])
    .find(({ name, image }) => name === container && image !== '' && image !== bad)?.image;
}

function nextCall(root: FoundObject, container: string, image: string | undefined): NextCall {
  if (!settable.has(root.kind)) return describeCall(root);
  const { kind, name, namespace = '' } = root;
  const args = { kind, name, namespace, container };
  return image === undefined
    ? { tool: 'k8s_set_image', args, needs: 'image' }
    : { tool: 'k8s_set_image', args: { ...args, image } };
}
