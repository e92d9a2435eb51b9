/**
 * Argo Rollouts for a sandbox: the real controller, its kinds, and two rollouts to try it on. It runs beside the cluster
 * and is not needed by anything else there.
 */
export { startArgoRollouts } from './start-argo-rollouts.ts';
export type { ArgoOptions, ArgoRollouts } from './start-argo-rollouts.ts';
