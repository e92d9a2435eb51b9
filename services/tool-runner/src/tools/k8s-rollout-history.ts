import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { historyTable, revisionFacts, templateYaml } from '../domain/revisions.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { keptRevisions } from './rollout/kept-revisions.ts';
import { readTool } from './tool.ts';

const args = z.strictObject({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']).default('Deployment'),
  name: arg.name,
  namespace: arg.inNamespace,
  revision: z.number().int().min(1).optional().describe("Shows this one's whole pod template."),
  cluster: arg.cluster,
});

export const k8sRolloutHistory = readTool({
  name: 'k8s_rollout_history',
  title: 'Rollout history',
  toolset: 'rollout',
  description:
    'The revisions of a workload that can be gone back to, the newest first: images, age, the reason somebody noted. Use it before an undo.',
  args,
  read: async (asked, look) => {
    const { object } = await findObject(asked, look);
    const target = nameOf(asked.kind, object.metadata);
    const revisions = await keptRevisions(object, look);
    if (asked.revision === undefined) {
      if (revisions.length === 0) return { text: `${target} has no revisions yet.`, facts: { count: 0 } };
      return { text: `${target}\n${historyTable(revisions, look.now())}`, facts: revisionFacts(revisions) };
    }
    const wanted = revisions.find(({ revision }) => revision === asked.revision);
    if (wanted) return { text: `${target}, revision ${wanted.revision}:\n${templateYaml(wanted)}` };
    const known = revisions.map(({ revision }) => revision).join(', ') || 'none';
    const message = `revision: ${target} has no revision ${asked.revision}; it has ${known}.`;
    throw Failure.terminal('InvalidArguments', message);
  },
});
