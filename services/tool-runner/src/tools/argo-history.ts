import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { historyTable, revisionFacts, templateYaml } from '../domain/revisions.ts';
import { findRollout } from './argo/find-rollout.ts';
import * as arg from './args.ts';
import { keptRevisions } from './rollout/kept-revisions.ts';
import { readTool } from './tool.ts';

const args = z.strictObject({
  name: arg.name,
  namespace: arg.inNamespace,
  revision: z.number().int().min(1).optional().describe("Shows this one's whole pod template."),
  cluster: arg.cluster,
});

export const argoHistory = readTool({
  name: 'argo_history',
  toolset: 'argo',
  title: 'History of a rollout',
  description:
    'The revisions of an Argo Rollout that argo_undo can go back to, the newest first, with images and pods.',
  args,
  read: async (asked, look) => {
    const { object } = await findRollout(asked, look);
    const target = nameOf('Rollout', object.metadata);
    const revisions = await keptRevisions(object, look);
    if (asked.revision === undefined) {
      if (revisions.length === 0) return { text: `${target} has no revisions yet.`, facts: { count: 0 } };
      return { text: `${target}\n${historyTable(revisions, look.now())}`, facts: revisionFacts(revisions) };
    }
    const wanted = revisions.find(({ revision }) => revision === asked.revision);
    if (wanted) return { text: `${target}, revision ${wanted.revision}:\n${templateYaml(wanted)}` };
    const known = revisions.map(({ revision }) => revision).join(', ') || 'none';
    throw Failure.terminal(
      'InvalidArguments',
      `revision: ${target} has no revision ${asked.revision}; it has ${known}.`,
    );
  },
});
