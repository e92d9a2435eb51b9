import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { groupLines, groupName, resourceTable } from '../domain/api-resources.ts';
import * as arg from './args.ts';
import { readTool } from './tool.ts';

const args = z.strictObject({
  group: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .describe('API group, such as apps, core or argoproj.io; leave out for all in short.'),
  cluster: arg.cluster,
});

export const k8sApiResources = readTool({
  name: 'k8s_api_resources',
  title: 'List API resources',
  toolset: 'api',
  description:
    'The kinds this cluster serves, by group, custom resources among them; of one group with versions, verbs and sub-resources.',
  args,
  read: async ({ group }, { cluster }) => {
    const types = await cluster.discovery.all();
    if (group === undefined) return { text: groupLines(types).join('\n'), facts: { count: types.length } };
    const wanted = group.toLowerCase();
    const found = types.filter((type) => groupName(type) === wanted);
    if (found.length > 0) return { text: resourceTable(found), facts: { count: found.length } };
    const groups = [...new Set(types.map(groupName))].join(', ');
    const shown = JSON.stringify(group.slice(0, 60));
    throw Failure.terminal('InvalidArguments', `group: the cluster serves no group ${shown}; it serves ${groups}.`);
  },
});
