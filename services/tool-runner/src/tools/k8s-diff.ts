import { z } from 'zod';
import { changeList } from '../domain/change-list.ts';
import { toDiffYaml } from '../domain/yaml-text.ts';
import { changeLines } from '../domain/written.ts';
import { defaultNamespace, manifest } from './apply/args.ts';
import { type TriedObject, tryObjects } from './apply/try-objects.ts';
import * as arg from './args.ts';
import { type PreviewLook, previewTool } from './tool.ts';

const args = z.strictObject({ manifest, namespace: defaultNamespace, cluster: arg.cluster });

export const k8sDiff = previewTool({
  name: 'k8s_diff',
  title: 'Show what a manifest would change',
  toolset: 'api',
  description:
    'Tries a manifest out by a server-side dry run: what would be created or changed, field by field, and whose fields it would take. Changes nothing.',
  args,
  preview: async (asked, look) => {
    const tried = await tryObjects(asked, look);
    const made = tried.filter(({ part }) => part.live === undefined);
    const same = tried.filter(({ part, changes }) => part.live !== undefined && changes.length === 0);
    const facts = { created: made.length, changed: tried.length - made.length - same.length, same: same.length };
    const head = `Of ${tried.length === 1 ? '1 object' : `${tried.length} objects`}: ${facts.created} would be created, ${facts.changed} changed, ${facts.same} stay as they are.`;
    return { text: [head, ...tried.map((one) => textOf(one, look))].join('\n\n'), facts };
  },
});

function textOf({ part: { live }, target, after, conflicts }: TriedObject, { told }: PreviewLook): string {
  if (live === undefined)
    return `${target} would be created:\n${indented(toDiffYaml(told(after)).trimEnd().split('\n'))}`;
  const lines = changeList(told(live), told(after)).flatMap(changeLines);
  if (lines.length === 0) return `${target} stays as it is.`;
  const taken = conflicts.map(({ manager, field }) => `${field} is managed by ${manager}: only force would take it.`);
  return `${target} would change:\n${indented([...lines, ...taken])}`;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
