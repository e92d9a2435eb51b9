import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { rolloutFacts, rolloutTree, toView } from '../domain/argo/report.ts';
import { toRollout } from '../domain/argo/rollout.ts';
import { analysisLines, experimentLines, toAnalysisRun, toExperiment } from '../domain/argo/runs.ts';
import { rolloutTable, runTable } from '../domain/argo/tables.ts';
import { type ArgoKind, argoType, findArgo } from './argo/find-rollout.ts';
import { readBelow } from './argo/read-tree.ts';
import * as arg from './args.ts';
import { type Answer, type Look, readTool } from './tool.ts';

const args = z.strictObject({
  kind: z.enum(['rollout', 'experiment', 'analysisrun']).default('rollout'),
  name: arg.name.optional().describe('Name of one; leave out to list.'),
  namespace: arg.namespace.optional().describe('Namespace. Needed for one; without it, lists go over all.'),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

const most = 100;

export const argoGet = readTool({
  name: 'argo_get',
  toolset: 'argo',
  title: 'Get Argo Rollouts',
  description:
    'Reads Argo Rollouts: with a name a rollout as a tree (steps, weights, versions, pods, analyses), or an experiment or analysis run with its results; without it a list.',
  args,
  read: async (asked, look) =>
    asked.name === undefined ? list(asked, look) : one({ ...asked, name: asked.name }, look),
});

async function one({ kind, name, namespace }: Args & { readonly name: string }, look: Look): Promise<Answer> {
  if (namespace === undefined)
    throw Failure.terminal('InvalidArguments', `namespace: ${kind} ${name} is in a namespace; name it.`);
  const { object } = await findArgo(kind, { name, namespace }, look);
  if (kind === 'rollout') {
    const rollout = toRollout(object);
    const below = await readBelow(object, rollout, look);
    return {
      text: rolloutTree(rollout, below),
      facts: rolloutFacts(rollout),
      rollout: toView(rollout, below.versions),
    };
  }
  const run = kind === 'experiment' ? toExperiment(object) : toAnalysisRun(object);
  const lines = kind === 'experiment' ? experimentLines(toExperiment(object)) : analysisLines(toAnalysisRun(object));
  const { phase = 'Pending' } = run.status;
  return { text: lines.join('\n'), facts: { phase, terminate: run.spec.terminate === true } };
}

async function list({ kind, namespace }: Args, look: Look): Promise<Answer> {
  const type = await argoType(kind, look);
  const { items, continue: more } = await look.cluster.list(type, { namespace, limit: most, signal: look.signal });
  if (items.length === 0) return { text: nothing(kind, namespace), facts: { count: 0 } };
  const shown = { withNamespace: namespace === undefined, now: look.now() };
  const table = kind === 'rollout' ? rolloutTable(items, shown) : runTable(items, shown);
  const rest = more === undefined ? '' : `\n… only the first ${most} are shown; name a namespace.`;
  return { text: table + rest, facts: { count: items.length } };
}

function nothing(kind: ArgoKind, namespace: string | undefined): string {
  const words = { rollout: 'rollouts', experiment: 'experiments', analysisrun: 'analysis runs' };
  return `There are no ${words[kind]} ${namespace === undefined ? 'in the cluster' : `in namespace ${namespace}`}.`;
}
