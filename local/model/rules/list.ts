import { readTable } from './table.ts';
import { type Rule, resultsOf } from './talk.ts';
import { inNamespace, isClusterScoped, kindWord, nameWord, plural, toKind } from './words.ts';

const patterns = [
  new RegExp(
    `\\b(?:show|list|get|give|see|display|fetch|check|find|print)\\s+(?:me )?(?:all )?(?:the )?(?:of the )?(?<kind>${kindWord})\\b(?:[ /](?<name>${nameWord}))?`,
  ),
  new RegExp(`\\b(?:which|what|how many)\\s+(?<kind>${kindWord})\\b`),
  new RegExp(`^(?:the )?(?<kind>${kindWord})\\b`),
];
const joiners = new Set(['in', 'of', 'from', 'on', 'for', 'and', 'please', 'are', 'is', 'that', 'with', 'there']);

/** “show pods in shop”, “which nodes are there?”. */
export const list: Rule = (talk) => {
  const asked = patterns.map((pattern) => pattern.exec(talk.text.toLowerCase())?.groups).find((groups) => groups);
  const kind = toKind(asked?.['kind']);
  if (kind === undefined || !talk.tools.has('k8s_get')) return undefined;
  const name = asked?.['name'] !== undefined && !joiners.has(asked['name']) ? asked['name'] : undefined;
  const where = isClusterScoped(kind) ? 'the cluster' : inNamespace(talk.namespace);
  const read = resultsOf(talk, 'k8s_get').at(-1);
  if (!read) {
    const wish = {
      kind,
      ...(name === undefined ? {} : { name }),
      ...(isClusterScoped(kind) ? {} : { namespace: talk.namespace }),
    };
    return {
      text: `I read ${kind}${name ? ` \`${name}\`` : 's'} in ${where}.`,
      calls: talk.tools.call('k8s_get', wish),
    };
  }
  const rows = readTable(read.text);
  const head = rows.length === 0 ? '' : `${plural(rows.length, kind, `${kind}s`)} in ${where}:\n\n`;
  return { text: `${head}\`\`\`\n${read.text.trim()}\n\`\`\`` };
};
