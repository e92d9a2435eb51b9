import { type Rollout, toRollout } from '../src/domain/argo/rollout.ts';

/** A canary of four pods with five steps, at its first pause; for specs. */
export function aRollout(status: object = {}, spec: object = {}): Rollout {
  return toRollout(aRolloutObject(status, spec));
}

export function aRolloutObject(status: object = {}, spec: object = {}) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'web', namespace: 'storefront', uid: 'u1', generation: 3 },
    spec: {
      replicas: 4,
      strategy: {
        canary: {
          steps: [
            { setWeight: 25 },
            { pause: {} },
            { setWeight: 50 },
            { pause: { duration: '30s' } },
            { analysis: { templates: [{ templateName: 'errors' }] } },
          ],
        },
      },
      ...spec,
    },
    status: {
      observedGeneration: '3',
      phase: 'Paused',
      message: 'CanaryPauseStep',
      controllerPause: true,
      pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-11-24T10:00:00Z' }],
      currentStepIndex: 1,
      currentPodHash: 'new',
      stableRS: 'old',
      replicas: 4,
      updatedReplicas: 1,
      readyReplicas: 4,
      availableReplicas: 4,
      ...status,
    },
  };
}
