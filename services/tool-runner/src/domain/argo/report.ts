import type { RolloutView } from '@skyflo/contracts';
import { nameOf } from '../draft.ts';
import {
  isFullyPromoted,
  isObserved,
  isPausedByHand,
  phaseOf,
  type Rollout,
  strategyOf,
  wantedPods,
} from './rollout.ts';
import { actualWeight, currentStep, stepsOf, wantedWeight } from './steps.ts';
import type { Version } from './versions.ts';

/** What belongs under a rollout, as lines that are there already. */
export type Below = {
  readonly versions: readonly Version[];
  /** Lines about the pods of each ReplicaSet, by its name. */
  readonly pods: ReadonlyMap<string, readonly string[]>;
  readonly runs: readonly string[];
};

/** A rollout with its versions, pods, analyses and experiments, as a tree; and what can be done next. */
export function rolloutTree(rollout: Rollout, { versions, pods, runs }: Below): string {
  const lines = versions
    .filter(isTold)
    .flatMap((version) => [versionLine(version), ...(pods.get(version.replicaSet) ?? []).map((line) => `  ${line}`)]);
  const kept = versions.filter((version) => !isTold(version)).map(({ revision }) => revision);
  return [
    headLine(rollout),
    ...stepLines(rollout, versions),
    ...lines,
    ...(kept.length === 0
      ? []
      : [`Kept for going back: ${kept.length === 1 ? 'revision' : 'revisions'} ${kept.join(', ')}`]),
    ...runs,
    ...nextLine(rollout),
  ].join('\n');
}

/** `Rollout shop/web: Paused (CanaryPauseStep), canary, 4 of 4 pods available.` */
export function headLine(rollout: Rollout): string {
  const { phase, message } = phaseOf(rollout);
  const { availableReplicas = 0 } = rollout.status;
  const strategy = strategyOf(rollout) === 'canary' ? 'canary' : 'blue-green';
  const said = message === '' ? '' : ` (${message})`;
  const pods = `${availableReplicas} of ${wantedPods(rollout)} pods available`;
  return `${nameOf('Rollout', rollout.metadata)}: ${phase}${said}, ${strategy}, ${pods}.`;
}

/** Where it is among its steps, in one line; nothing for a blue-green one. */
export function stepLine(rollout: Rollout): string | undefined {
  const all = stepsOf(rollout);
  if (all.length === 0) return undefined;
  const step = currentStep(rollout);
  return step === undefined
    ? `All ${all.length} steps are done.`
    : `At step ${step.number} of ${step.of}: ${step.text}.`;
}

function stepLines(rollout: Rollout, versions: readonly Version[]): string[] {
  const line = stepLine(rollout);
  if (line === undefined) return [];
  const marks = { done: 'x', now: '>', next: ' ' };
  const weight = isFullyPromoted(rollout)
    ? ''
    : ` Weight ${wantedWeight(rollout)}%, actual ${shareOf(rollout, versions)}%.`;
  return [`${line}${weight}`, ...stepsOf(rollout).map(({ state, text }, n) => `  [${marks[state]}] ${n + 1} ${text}`)];
}

function shareOf(rollout: Rollout, versions: readonly Version[]): number {
  const newest = versions.find(({ hash }) => hash !== '' && hash === rollout.status.currentPodHash);
  return actualWeight(rollout, newest?.available ?? 0);
}

function versionLine({ revision, roles, replicaSet, images, wanted, available }: Version): string {
  const part = roles.length === 0 ? '' : ` (${roles.join(', ')})`;
  return `Revision ${revision}${part}: ReplicaSet ${replicaSet}, ${available} of ${wanted} available, ${images.join(' ')}`;
}

/** Revisions that are scaled down and play no part are only named. */
function isTold({ roles, pods, wanted }: Version): boolean {
  return roles.length > 0 || pods > 0 || wanted > 0;
}

function nextLine(rollout: Rollout): string[] {
  const { status } = rollout;
  if (isPausedByHand(rollout)) return ['Next: argo_resume; it was paused by hand.'];
  if (status.abort === true)
    return ['Next: argo_undo or argo_set_image to leave the version that was aborted, or argo_retry to try it again.'];
  if ((status.pauseConditions ?? []).length > 0) return ['Next: argo_promote to go on, argo_abort to go back.'];
  return [];
}

/** The same for the console to draw. */
export function toView(rollout: Rollout, versions: readonly Version[]): RolloutView {
  const { phase, message } = phaseOf(rollout);
  const { namespace, name } = rollout.metadata;
  const strategy = strategyOf(rollout);
  const weights =
    strategy === 'canary' ? { weight: wantedWeight(rollout), actualWeight: shareOf(rollout, versions) } : {};
  return {
    object: { kind: 'Rollout', ...(namespace === undefined ? {} : { namespace }), name },
    strategy,
    phase,
    message: message.slice(0, 600),
    ...weights,
    steps: stepsOf(rollout)
      .slice(0, 100)
      .map(({ text, weight, state }) => ({
        text: text.slice(0, 200),
        ...(weight === undefined ? {} : { weight }),
        state,
      })),
    versions: versions
      .filter(isTold)
      .slice(0, 20)
      .map(({ revision, roles, images, wanted, available }) => ({
        revision,
        roles: [...roles],
        images: images.slice(0, 20).map((image) => image.slice(0, 512)),
        wanted,
        available,
      })),
  };
}

/** Small named values that checks compare. Steps are counted from 0, as `currentStepIndex` does. */
export function rolloutFacts(rollout: Rollout) {
  const { status } = rollout;
  const { phase, message } = phaseOf(rollout);
  return {
    phase,
    message,
    step: status.currentStepIndex ?? null,
    steps: stepsOf(rollout).length,
    ...(strategyOf(rollout) === 'canary' ? { weight: wantedWeight(rollout) } : {}),
    aborted: status.abort === true,
    paused: isPausedByHand(rollout) || (status.pauseConditions ?? []).length > 0,
    promoted: isFullyPromoted(rollout),
    podHash: status.currentPodHash ?? null,
    observed: isObserved(rollout),
  };
}
