import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { Condition } from '../condition.ts';

/** One step of a canary, as far as it is told; exactly one of the members says what kind it is. */
export const CanaryStep = z.looseObject({
  setWeight: z.number().optional(),
  pause: z.looseObject({ duration: z.union([z.string(), z.number()]).optional() }).optional(),
  experiment: z.looseObject({}).optional(),
  analysis: z
    .looseObject({ templates: z.array(z.looseObject({ templateName: z.string().optional() })).optional() })
    .optional(),
  setCanaryScale: z
    .looseObject({
      weight: z.number().optional(),
      replicas: z.number().optional(),
      matchTrafficWeight: z.boolean().optional(),
    })
    .optional(),
  setHeaderRoute: z.looseObject({ name: z.string().optional() }).optional(),
  setMirrorRoute: z.looseObject({ name: z.string().optional() }).optional(),
  plugin: z.looseObject({ name: z.string().optional() }).optional(),
});
export type CanaryStep = z.infer<typeof CanaryStep>;

const RunStatus = z.looseObject({ name: z.string(), status: z.string().optional(), message: z.string().optional() });

/** A Rollout of Argo Rollouts, as far as tools read it (`argoproj.io/v1alpha1`, controllers since 1.0). */
export const Rollout = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    generation: z.number().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.looseObject({
    replicas: z.number().optional(),
    paused: z.boolean().optional(),
    restartAt: z.string().nullish(),
    workloadRef: z.looseObject({ kind: z.string(), name: z.string() }).nullish(),
    strategy: z
      .looseObject({
        canary: z
          .looseObject({
            steps: z.array(CanaryStep).nullish(),
            trafficRouting: z.looseObject({ maxTrafficWeight: z.number().optional() }).nullish(),
          })
          .optional(),
        blueGreen: z
          .looseObject({ activeService: z.string().optional(), previewService: z.string().optional() })
          .optional(),
      })
      .default({}),
  }),
  status: z
    .looseObject({
      phase: z.string().optional(),
      message: z.string().optional(),
      abort: z.boolean().optional(),
      promoteFull: z.boolean().optional(),
      controllerPause: z.boolean().optional(),
      pauseConditions: z.array(z.looseObject({ reason: z.string(), startTime: z.string() })).nullish(),
      currentStepIndex: z.number().nullish(),
      currentPodHash: z.string().optional(),
      stableRS: z.string().optional(),
      /** A number as a string; before 0.10 it was a hash. */
      observedGeneration: z.string().optional(),
      restartedAt: z.string().nullish(),
      replicas: z.number().optional(),
      updatedReplicas: z.number().optional(),
      readyReplicas: z.number().optional(),
      availableReplicas: z.number().optional(),
      conditions: z.array(Condition).optional(),
      canary: z
        .looseObject({
          weights: z.looseObject({ canary: z.looseObject({ weight: z.number() }) }).nullish(),
          currentStepAnalysisRunStatus: RunStatus.nullish(),
          currentBackgroundAnalysisRunStatus: RunStatus.nullish(),
          currentExperiment: z.string().optional(),
        })
        .optional(),
      blueGreen: z
        .looseObject({
          activeSelector: z.string().optional(),
          previewSelector: z.string().optional(),
          prePromotionAnalysisRunStatus: RunStatus.nullish(),
          postPromotionAnalysisRunStatus: RunStatus.nullish(),
        })
        .optional(),
    })
    .default({}),
});
export type Rollout = z.infer<typeof Rollout>;

export function toRollout(object: KubeObject): Rollout {
  const parsed = Rollout.safeParse(object);
  if (parsed.success) return parsed.data;
  throw Failure.terminal('Unsupported', `Rollout ${object.metadata.name} is in a form that is not understood here.`);
}

export function strategyOf({ spec }: Rollout): 'canary' | 'blueGreen' {
  return spec.strategy.blueGreen === undefined ? 'canary' : 'blueGreen';
}

export function wantedPods({ spec }: Rollout): number {
  return spec.replicas ?? 1;
}

/** The newest template is also the one that everything runs: nothing is on its way. */
export function isFullyPromoted({ status }: Rollout): boolean {
  return status.currentPodHash !== undefined && status.currentPodHash === status.stableRS;
}

/** Whether a person, and not the spec, stopped it; a step's own pause is in `pauseConditions`. */
export function isPausedByHand({ spec }: Rollout): boolean {
  return spec.paused === true;
}

export type Phase = { readonly phase: string; readonly message: string };

/**
 * As `kubectl argo rollouts status` has it (utils/rollout/rolloututil.go, GetRolloutPhase): what the controller says counts
 * only once it has seen the newest spec, and has reacted to what somebody changed in the status.
 */
export function phaseOf(rollout: Rollout): Phase {
  const { status } = rollout;
  if (!isObserved(rollout)) return { phase: 'Progressing', message: 'the controller has not seen the newest spec yet' };
  const pending = notReactedTo(rollout);
  if (pending !== undefined)
    return { phase: 'Progressing', message: `${pending} and the controller has not reacted yet` };
  if (status.phase === undefined)
    return { phase: 'Progressing', message: 'no controller of Argo Rollouts has looked at it yet' };
  return { phase: status.phase, message: status.message ?? '' };
}

/** Promote, abort and retry change the status itself, and what the controller made of it before stays there a moment. */
function notReactedTo(rollout: Rollout): string | undefined {
  const { status } = rollout;
  if (status.controllerPause === true && (status.pauseConditions ?? []).length === 0) return 'its pause was lifted';
  if (status.promoteFull === true && !isFullyPromoted(rollout)) return 'it is to be promoted to the end';
  if (status.abort === true && status.phase !== 'Degraded') return 'it is to be aborted';
  const saysAborted = status.phase === 'Degraded' && status.message?.startsWith('RolloutAborted') === true;
  return saysAborted && status.abort !== true ? 'it is to be tried again' : undefined;
}

export function isObserved({ metadata, status }: Rollout): boolean {
  const seen = Number(status.observedGeneration ?? 0);
  // A hash, as very old controllers write: nothing can be told from it.
  return !Number.isInteger(seen) || seen >= (metadata.generation ?? 0);
}

export function isRestarting({ spec, status }: Rollout): boolean {
  if (!spec.restartAt) return false;
  return !status.restartedAt || Date.parse(status.restartedAt) !== Date.parse(spec.restartAt);
}
