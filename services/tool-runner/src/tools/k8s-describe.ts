import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { eventsTable } from '../domain/events-text.ts';
import { describePods, toPod } from '../domain/pods.ts';
import { toReadingYaml } from '../domain/yaml-text.ts';
import * as arg from './args.ts';
import { childrenOf } from './describe/children.ts';
import { ownersOf } from './describe/owners.ts';
import { findObject } from './find-object.ts';
import { type Look, readTool } from './tool.ts';

const args = z.strictObject({
  kind: arg.kind,
  name: arg.name,
  namespace: arg.namespace.optional().describe('Namespace of the object, where its kind has one.'),
  cluster: arg.cluster,
});

export const k8sDescribe = readTool({
  name: 'k8s_describe',
  title: 'Describe an object',
  toolset: 'core',
  description:
    'Everything about one object for finding out what is wrong: its YAML, who owns it, its pods with the reasons of their troubles, endpoints of a Service, and recent events. Use it before guessing.',
  args,
  read: async (asked, look) => {
    const { object } = await findObject(asked, look);
    const [owners, children, events] = await Promise.all([
      ownersOf(object, look),
      childrenOf(object, look),
      eventsOf(object, look),
    ]);
    const own = object.kind === 'Pod' ? section('Pod', describePods([toPod(object)], look.now())) : [];
    const text = [
      ...own,
      ...section('Owned by', owners),
      ...children.flatMap(({ title, lines }) => section(title, lines)),
      ...section('Events', [events ?? 'none']),
      ...section('Object', [toReadingYaml(object).trimEnd()]),
    ];
    return { text: text.join('\n') };
  },
});

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, ...lines, ''];
}

async function eventsOf(object: KubeObject, { cluster, now, signal }: Look): Promise<string | undefined> {
  const type = await cluster.discovery.resolve('events');
  const { name, namespace } = object.metadata;
  const fieldSelector = `involvedObject.kind=${object.kind},involvedObject.name=${name}`;
  const { items } = await cluster.list(type, { namespace, fieldSelector, limit: 200, signal });
  return eventsTable(items, now(), { limit: 20 })?.text;
}
