/**
 * The sandbox: a real Kubernetes control plane on this machine, without containers. kwok plays the
 * nodes, by rules that are data (`stages/`), so that images that do not exist, programs that crash and
 * pods that fit nowhere look to the API exactly as they do elsewhere. A small shop with such troubles
 * (`seed/`) is planted in it. Nothing can be executed in a pod.
 */
export { startCluster } from './start-cluster.ts';
export type { ClusterOptions, ClusterProgress, SandboxCluster } from './start-cluster.ts';
export type { ClusterProcess } from './process-group.ts';
export type { ClusterPorts, ProgramName } from './programs.ts';
export { describeProgress } from './describe-progress.ts';
