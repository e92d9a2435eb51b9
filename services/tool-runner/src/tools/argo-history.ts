import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { findRollout } from './argo/find-rollout.ts';
import * as arg from './args.ts';
import { keptRevisions } from './rollout/kept-revisions.ts';
import { toldHistory } from './rollout/told-history.ts';
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
    const revisions = await keptRevisions(object, look);
    return toldHistory(nameOf('Rollout', object.metadata), revisions, { revision: asked.revision, now: look.now() });
  },
});
