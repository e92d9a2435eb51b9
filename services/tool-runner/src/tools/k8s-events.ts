import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { eventsTable } from '../domain/events-text.ts';
import * as arg from './args.ts';
import { type Look, readTool } from './tool.ts';

const args = z.strictObject({
  namespace: arg.namespace.optional().describe('Namespace; leave out for the whole cluster.'),
  kind: arg.kind.optional().describe('Only events about this kind of object.'),
  name: arg.name.optional().describe('Only events about the object of this name.'),
  type: z.enum(['Warning', 'Normal']).optional().describe('Warning shows what went wrong.'),
  since_minutes: z.number().int().min(1).max(1440).optional(),
  limit: z.number().int().min(1).max(200).default(40),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

/** The API lists events in no order of time, so the newest are found only by looking through all: up to this many. */
const pages = 4;
const pageSize = 500;

export const k8sEvents = readTool({
  name: 'k8s_events',
  title: 'List events',
  toolset: 'core',
  description:
    'What happened lately, newest first: scheduling, image pulls, restarts, probes, scaling. Start with type Warning in the namespace in question.',
  args,
  read: async (asked, look) => {
    const items = await eventsOf(asked, look);
    const since =
      asked.since_minutes === undefined ? undefined : new Date(look.now().getTime() - asked.since_minutes * 60_000);
    const withNamespace = asked.namespace === undefined;
    const table = eventsTable(items, look.now(), { since, limit: asked.limit, withNamespace });
    if (table) return { text: table.text, facts: { count: table.count } };
    const where = asked.namespace === undefined ? 'in the cluster' : `in namespace ${asked.namespace}`;
    return {
      text: `There are no such events ${where}. Kubernetes keeps events for about an hour.`,
      facts: { count: 0 },
    };
  },
});

async function eventsOf(asked: Args, { cluster, signal }: Look): Promise<KubeObject[]> {
  const type = await cluster.discovery.resolve('events');
  const about = asked.kind === undefined ? undefined : (await cluster.discovery.resolve(asked.kind)).kind;
  const selectors = [
    about === undefined ? undefined : `involvedObject.kind=${about}`,
    asked.name === undefined ? undefined : `involvedObject.name=${asked.name}`,
    asked.type === undefined ? undefined : `type=${asked.type}`,
  ].filter((one) => one !== undefined);
  const fieldSelector = selectors.length === 0 ? undefined : selectors.join(',');
  const items: KubeObject[] = [];
  let handle: string | undefined;
  for (let page = 0; page < pages && (page === 0 || handle !== undefined); page += 1) {
    const list = await cluster.list(type, {
      namespace: asked.namespace,
      fieldSelector,
      limit: pageSize,
      continue: handle,
      signal,
    });
    items.push(...list.items);
    handle = list.continue;
  }
  return items;
}
