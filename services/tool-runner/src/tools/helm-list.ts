import { z } from 'zod';
import { newestOf, releasesTable } from '../domain/helm/release-text.ts';
import * as arg from './args.ts';
import { readTool } from './tool.ts';

const args = z.strictObject({
  namespace: arg.namespace.optional().describe('Without it, all namespaces.'),
  status: z
    .enum(['deployed', 'failed', 'pending', 'uninstalled'])
    .optional()
    .describe('Only releases whose newest revision is so.'),
  limit: z.number().int().min(1).max(200).default(50),
  cluster: arg.cluster,
});

export const helmList = readTool({
  name: 'helm_list',
  title: 'List Helm releases',
  toolset: 'helm',
  description: 'Helm releases with chart, version and status of their newest revision.',
  args,
  read: async ({ namespace, status, limit }, { releases, now, signal }) => {
    const { revisions, more } = await releases.revisions({ namespace, signal });
    const newest = newestOf(revisions).filter((one) => status === undefined || one.status.startsWith(status));
    const where = namespace === undefined ? 'the cluster' : `namespace ${namespace}`;
    const which = status === undefined ? '' : ` that is ${status}`;
    if (newest.length === 0) return { text: `There is no Helm release${which} in ${where}.`, facts: { count: 0 } };
    const table = releasesTable(await releases.heads(newest.slice(0, limit), signal), now());
    const left = newest.length - limit;
    const rest = left > 0 || more ? `\n… there are ${more ? '' : `${left} `}more; name a namespace or a status.` : '';
    return { text: table + rest, facts: { count: newest.length } };
  },
});
