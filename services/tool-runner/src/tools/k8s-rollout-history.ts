import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { keptRevisions } from './rollout/kept-revisions.ts';
import { toldHistory } from './rollout/told-history.ts';
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
    const revisions = await keptRevisions(object, look);
    return toldHistory(nameOf(asked.kind, object.metadata), revisions, { revision: asked.revision, now: look.now() });
  },
});
