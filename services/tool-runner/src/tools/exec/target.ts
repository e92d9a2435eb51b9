import { Failure } from '@skyflo/contracts';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import { chooseContainer } from '../../domain/container-choice.ts';
import { nameOf } from '../../domain/draft.ts';
import { toPod } from '../../domain/pods.ts';
import { assertNotSystem } from '../../domain/protected.ts';
import * as arg from '../args.ts';
import { findObject } from '../find-object.ts';
import type { Look } from '../tool.ts';

export const podArgs = {
  name: arg.name.describe('Name of the pod.'),
  namespace: arg.namespace.describe('Namespace of the pod.'),
  container: arg.container.optional().describe('Left out: the default one, or the first.'),
  cluster: arg.cluster,
};
type Asked = { readonly name: string; readonly namespace: string; readonly container?: string | undefined };

/** The container that is meant, where it runs now. */
export async function runningContainer(
  asked: Asked,
  look: Look,
): Promise<{
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly target: string;
  readonly container: string;
}> {
  const { type, object } = await findObject({ kind: 'pods', ...asked }, look);
  const target = nameOf(type.kind, object.metadata);
  assertNotSystem(object.metadata.namespace, target);
  const pod = toPod(object);
  const container = chooseContainer(pod, asked.container);
  const running = pod.status?.containerStatuses?.find(({ name }) => name === container)?.state?.running;
  if (!running)
    throw Failure.terminal(
      'NotRunning',
      `Container ${container} of ${target} does not run, so nothing can be run in it.`,
    );
  return { type, object, target, container };
}
