import { loadToolset } from '@skyflo/contracts';
import type { Answer } from '../protocol.ts';
import type { Talk } from './talk.ts';

/** Where tools are that are not in every list. The first that fits; the families tell themselves by their names. */
const toolsets: readonly (readonly [tools: RegExp, toolset: string])[] = [
  [/^helm_/, 'helm'],
  [/^argo_/, 'argo'],
  [/^k8s_(wait|rollout_\w+)$/, 'rollout'],
  [/^k8s_(top|node_\w+|drain\w*|cordon|uncordon|taint)$/, 'node'],
  [/^k8s_(exec|run_pod|http_probe|copy_from|\w*job\w*)$/, 'debug'],
  [/^k8s_(set_(resources|env)|label|annotate|autoscale|patch)$/, 'edit'],
  [/^k8s_(explain|can_i|api_resources|diff)$/, 'api'],
];

/** A rule understood the message and lacked a tool: it is loaded, once, and the rule is asked again with it. */
export function loadTools({ tools, loaded }: Talk): Answer | undefined {
  const missed = tools.missed;
  const [, toolset] = toolsets.find(([names]) => missed !== undefined && names.test(missed)) ?? [];
  if (toolset === undefined || loaded.includes(toolset) || !tools.has(loadToolset)) return undefined;
  return { text: `I need the ${toolset} tools.`, calls: [{ tool: loadToolset, args: { toolset } }] };
}
