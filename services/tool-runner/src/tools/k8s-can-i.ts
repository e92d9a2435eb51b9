import { Failure } from '@skyflo/contracts';
import type { ResourceType } from '@skyflo/kube';
import { resourceTypeRef } from '@skyflo/kube';
import { z } from 'zod';
import {
  clusterKinds,
  everydayKinds,
  isReading,
  type Permission,
  permissionRows,
  subresources,
  type Verb,
  verbs,
} from '../domain/access-words.ts';
import { textTable } from '../domain/text-table.ts';
import * as arg from './args.ts';
import { type Answer, type Look, readTool } from './tool.ts';

const args = z.strictObject({
  verb: z.enum(verbs).optional().describe('Leave out for all.'),
  kind: arg.kind.optional().describe('Kind; leave out for those most work is done on.'),
  name: arg.name.optional().describe('Only this one object.'),
  subresource: z.enum(subresources).optional(),
  namespace: arg.namespace.optional().describe('Namespace; leave out for all of them at once.'),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

export const k8sCanI = readTool({
  name: 'k8s_can_i',
  title: 'What is allowed',
  toolset: 'api',
  description:
    "What the cluster lets Skyflo's own accounts do, asked of the API server: reads at once, changes once a person has approved them. Use it after Forbidden, or before a plan that needs unusual rights.",
  args,
  read: async (asked, look) => {
    const words = asked.kind === undefined ? kindsFor(asked) : [asked.kind];
    const types = await Promise.all(words.map((word) => look.cluster.discovery.resolve(word)));
    const wanted = asked.verb === undefined ? verbs : [asked.verb];
    const questions = types.flatMap((type) => wanted.map((verb) => ({ type, verb })));
    const permissions = await Promise.all(questions.map((question) => permissionOf(question, asked, look)));
    return answer(permissions, asked);
  },
});

/** Nodes and namespaces are in no namespace: who asks about one does not mean them. */
function kindsFor({ namespace, name }: Args): readonly string[] {
  if (name !== undefined) throw Failure.terminal('InvalidArguments', 'kind: a name alone says nothing; name its kind.');
  return namespace === undefined ? [...everydayKinds, ...clusterKinds] : everydayKinds;
}

async function permissionOf(
  { type, verb }: { readonly type: ResourceType; readonly verb: Verb },
  { namespace, name, subresource }: Args,
  { access, signal }: Look,
): Promise<Permission & { readonly reason?: string }> {
  const ask = isReading(verb) ? access.reading : access.changing;
  const { group, resource } = type;
  const place = type.namespaced ? namespace : undefined;
  const answered = await ask({ verb, group, resource, subresource, namespace: place, name }, { signal });
  const of = subresource === undefined ? '' : `/${subresource}`;
  return { what: `${resourceTypeRef(type)}${of}${name === undefined ? '' : ` ${name}`}`, verb, ...answered };
}

function answer(permissions: readonly (Permission & { readonly reason?: string })[], { namespace }: Args): Answer {
  const where = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`;
  const facts = { allowed: permissions.every(({ allowed }) => allowed) };
  const [only, ...others] = permissions;
  if (only && others.length === 0) {
    const word = only.allowed ? 'Yes' : 'No';
    const how = only.allowed && !isReading(only.verb) ? ', once a person has approved it' : '';
    const why = !only.allowed && only.reason ? ` The API server says: ${only.reason}` : '';
    return {
      text: `${word}: Skyflo may${only.allowed ? '' : ' not'} ${only.verb} ${only.what} ${where}${how}.${why}`,
      facts,
    };
  }
  const table = textTable(['kind', 'read', 'change (approved)'], permissionRows(permissions));
  return { text: `What Skyflo may do ${where}:\n${table}`, facts };
}
