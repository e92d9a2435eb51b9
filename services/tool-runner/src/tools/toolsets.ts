import type { ToolsetDescription } from '@skyflo/contracts';

/**
 * What each toolset is for, as the model reads it where it chooses one. `shown` ones are in every list; together they have to
 * stay under 3,000 tokens (`tools.spec.ts` counts), so what is not needed in most runs goes into another.
 */
const described = {
  core: { summary: 'read objects, logs and events; common changes', shown: true },
  diagnose: { summary: 'find what is wrong', shown: true },
  api: { summary: 'kinds and fields the cluster knows, what is allowed, diff of a manifest', shown: false },
  edit: { summary: 'set resources or env, label, annotate, autoscale, patch any field', shown: false },
  rollout: { summary: 'wait, revisions of a workload, undo, pause, resume', shown: false },
  node: { summary: 'usage of pods and nodes, cordon, taint, drain', shown: false },
  debug: { summary: 'run a command or a pod, HTTP probe, copy a file, start a CronJob', shown: false },
  helm: { summary: 'charts, releases, repositories', shown: false },
  argo: { summary: 'Argo Rollouts: canaries, experiments, analysis', shown: false },
} as const satisfies { readonly [name: string]: Omit<ToolsetDescription, 'name'> };

export type Toolset = keyof typeof described;

export const toolsets: readonly (ToolsetDescription & { readonly name: Toolset })[] = Object.entries(described).map(
  ([name, about]) => ({ name: name as Toolset, ...about }),
);
