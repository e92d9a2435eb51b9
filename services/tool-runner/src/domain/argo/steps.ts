import { type CanaryStep, isFullyPromoted, type Rollout } from './rollout.ts';

export type Step = {
  readonly text: string;
  /** Percent of the traffic, or of the pods, that the new version has from here on. */
  readonly weight?: number | undefined;
  readonly state: 'done' | 'now' | 'next';
};

/** The steps of a canary with how far it has come. A blue-green rollout has none: it waits, then switches. */
export function stepsOf(rollout: Rollout): Step[] {
  const steps = rollout.spec.strategy.canary?.steps ?? [];
  const at = stepIndexOf(rollout);
  return steps.map((step, n) => ({
    text: stepText(step),
    ...(step.setWeight === undefined ? {} : { weight: step.setWeight }),
    state: n < at ? 'done' : n === at ? 'now' : 'next',
  }));
}

/** How many steps are behind it. An aborted rollout begins again, so that none is. */
export function stepIndexOf({ status }: Rollout): number {
  return status.currentStepIndex ?? 0;
}

/** `2 of 5`: the step it is at, counted from one, as people count; undefined once they are all behind it. */
export function currentStep(rollout: Rollout): (Step & { readonly number: number; readonly of: number }) | undefined {
  const steps = stepsOf(rollout);
  const at = stepIndexOf(rollout);
  const step = steps[at];
  return step === undefined ? undefined : { ...step, number: at + 1, of: steps.length };
}

/** The share of the new version that the steps so far ask for (utils/replicaset/canary.go, GetCurrentSetWeight). */
export function wantedWeight(rollout: Rollout): number {
  const { spec, status } = rollout;
  if (status.abort === true) return 0;
  const steps = spec.strategy.canary?.steps ?? [];
  const at = stepIndexOf(rollout);
  if (at >= steps.length) return maxWeight(rollout);
  return steps.slice(0, at + 1).findLast(({ setWeight }) => setWeight !== undefined)?.setWeight ?? 0;
}

/**
 * The share that it has: what the traffic router was told, or else how many of the available pods are of the new version.
 */
export function actualWeight(rollout: Rollout, newAvailable: number): number {
  const { spec, status } = rollout;
  if (isFullyPromoted(rollout)) return 100;
  if (spec.strategy.canary?.trafficRouting) return status.canary?.weights?.canary.weight ?? wantedWeight(rollout);
  const available = status.availableReplicas ?? 0;
  return available === 0 ? 0 : Math.floor((newAvailable * 100) / available);
}

function maxWeight({ spec }: Rollout): number {
  return spec.strategy.canary?.trafficRouting?.maxTrafficWeight ?? 100;
}

function stepText(step: CanaryStep): string {
  if (step.setWeight !== undefined) return `set weight ${step.setWeight}%`;
  if (step.pause)
    return step.pause.duration === undefined ? 'pause until promoted' : `pause ${toTime(step.pause.duration)}`;
  if (step.experiment) return 'experiment';
  if (step.analysis) {
    const names = (step.analysis.templates ?? []).flatMap(({ templateName }) => templateName ?? []);
    return names.length === 0 ? 'analysis' : `analysis ${names.join(', ')}`;
  }
  if (step.setCanaryScale) return `scale the canary to ${scaleText(step.setCanaryScale)}`;
  if (step.setHeaderRoute) return `route by header ${step.setHeaderRoute.name ?? ''}`.trim();
  if (step.setMirrorRoute) return `mirror route ${step.setMirrorRoute.name ?? ''}`.trim();
  return step.plugin ? `plugin ${step.plugin.name ?? ''}`.trim() : 'unknown step';
}

function scaleText({ weight, replicas }: NonNullable<CanaryStep['setCanaryScale']>): string {
  if (weight !== undefined) return `${weight}%`;
  return replicas === undefined ? 'its traffic' : `${replicas} pods`;
}

/** A number is seconds. */
function toTime(duration: string | number): string {
  return typeof duration === 'number' || /^\d+$/.test(duration) ? `${duration}s` : duration;
}

/** Past a step, counted from 0, or through with all of them. An aborted one is at none. */
export function isPastStep(rollout: Rollout, step: number): boolean {
  if (rollout.status.abort === true) return false;
  return isFullyPromoted(rollout) || stepIndexOf(rollout) > step;
}
