import { podsOf, listPods } from './pod-of.ts';
import { type Rule, resultsOf } from './talk.ts';
import { isClusterScoped, kindWord, nameWord, toKind } from './words.ts';

const pattern = new RegExp(
  `\\b(?:describe|details? (?:of|about|on)|tell me (?:more )?about)\\s+(?:the )?(?:(?<kind>${kindWord})[ /])?(?<name>${nameWord})(?: (?<after>${kindWord})\\b)?`,
);

/** “describe payments”, “describe pod x”, “describe the checkout service”. */
export const describe: Rule = (talk) => {
  const asked = pattern.exec(talk.text.toLowerCase())?.groups;
  if (!asked?.['name'] || !talk.tools.has('k8s_describe')) return undefined;
  const { name } = asked;
  const read = resultsOf(talk, 'k8s_describe').at(-1);
  if (read)
    return { text: `Here is \`${name}\` as the cluster describes it:\n\n\`\`\`yaml\n${read.text.trim()}\n\`\`\`` };
  const kind = toKind(asked['kind'] ?? asked['after']) ?? 'Deployment';
  if (kind === 'Pod' && podsOf(talk, name) === undefined) return { calls: listPods(talk) };
  const exact = kind === 'Pod' ? (podsOf(talk, name)?.[0]?.name ?? name) : name;
  const wish = isClusterScoped(kind) ? { kind, name: exact } : { kind, name: exact, namespace: talk.namespace };
  return { text: `I look at ${kind} \`${exact}\`.`, calls: talk.tools.call('k8s_describe', wish) };
};
