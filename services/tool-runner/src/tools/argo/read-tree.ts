import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import type { Below } from '../../domain/argo/report.ts';
import type { Rollout } from '../../domain/argo/rollout.ts';
import { analysisLines, experimentLines, toAnalysisRun, toExperiment } from '../../domain/argo/runs.ts';
import { hashLabel, type Version, versionsOf } from '../../domain/argo/versions.ts';
import { describePods, toPod } from '../../domain/pods.ts';
import { LabelSelector, selectorText } from '../../domain/selector-text.ts';
import type { Look } from '../tool.ts';
import { argoType, ownedBy } from './find-rollout.ts';

const Selecting = z.looseObject({ spec: z.looseObject({ selector: LabelSelector.nullish() }) });

/** The newest runs are told; older ones are looked up by name. */
const maxRuns = 5;
const maxPods = 10;

export async function readVersions(object: KubeObject, rollout: Rollout, look: Look): Promise<Version[]> {
  const labelSelector = selectorText(Selecting.parse(object).spec.selector ?? {});
  const type = await look.cluster.discovery.resolve('replicasets.apps');
  return versionsOf(rollout, await ownedBy(object, { type, labelSelector }, look));
}

/** Everything under a rollout: its versions with their pods, its newest analyses and experiments. */
export async function readBelow(object: KubeObject, rollout: Rollout, look: Look): Promise<Below> {
  const [versions, analyses, experiments] = await Promise.all([
    readVersions(object, rollout, look),
    newest('analysisrun', object, look),
    newest('experiment', object, look),
  ]);
  const running = versions.filter(({ pods }) => pods > 0);
  const pods = await Promise.all(
    running.map(async (version) => [version.replicaSet, await podLines(object, version, look)] as const),
  );
  const runs = [
    ...experiments.flatMap((one) => experimentLines(toExperiment(one))),
    ...analyses.flatMap((one) => analysisLines(toAnalysisRun(one))),
  ];
  return { versions, pods: new Map(pods), runs };
}

async function podLines(
  { metadata }: KubeObject,
  { hash }: Version,
  { cluster, now, signal }: Look,
): Promise<string[]> {
  const type = await cluster.discovery.resolve('pods');
  const labelSelector = `${hashLabel}=${hash}`;
  const { namespace } = metadata;
  const { items, continue: more } = await cluster.list(type, { namespace, labelSelector, limit: maxPods, signal });
  return [...describePods(items.map(toPod), now()), ...(more === undefined ? [] : ['… and more'])];
}

/** A cluster may have Rollouts and leave out what it does not use, or not let us see it: then there is nothing to tell. */
async function newest(kind: 'analysisrun' | 'experiment', owner: KubeObject, look: Look): Promise<KubeObject[]> {
  try {
    const owned = await ownedBy(owner, { type: await argoType(kind, look) }, look);
    const born = ({ metadata }: KubeObject) => metadata.creationTimestamp ?? '';
    return owned.toSorted((a, b) => (born(a) < born(b) ? 1 : -1)).slice(0, maxRuns);
  } catch (error) {
    if (error instanceof Failure && (error.code === 'Forbidden' || error.code === 'ArgoRolloutsMissing')) return [];
    throw error;
  }
}
