import { type Rule, resultsOf } from './talk.ts';
import { isClusterScoped, kindWord, nameWord, toKind } from './words.ts';

const pattern = new RegExp(
  `\\bwait\\s+(?:for|until|till)\\s+(?:the )?(?:(?<kind>${kindWord})[ /])?(?<name>${nameWord})\\s+(?:to be |is |to |are )?(?<until>ready|up|gone|deleted|go|settled?|rolled out|done|finished|complete)\\b`,
);
const ends: Readonly<Record<string, string>> = {
  ready: 'ready',
  up: 'ready',
  gone: 'gone',
  deleted: 'gone',
  go: 'gone',
};

/** “wait for checkout to be rolled out”, “wait until pod x is gone”. */
export const wait: Rule = (talk) => {
  const asked = pattern.exec(talk.text.toLowerCase())?.groups;
  if (!asked?.['name'] || !talk.tools.has('k8s_wait')) return undefined;
  const waited = resultsOf(talk, 'k8s_wait').at(-1);
  if (waited) return { text: waited.text.trim() };
  const { name } = asked;
  const kind = toKind(asked['kind']) ?? 'Deployment';
  const end = ends[asked['until'] ?? ''] ?? 'settled';
  // A workload that is up is one that is settled: only pods are ready.
  const until = end === 'ready' && kind !== 'Pod' ? 'settled' : end;
  const where = isClusterScoped(kind) ? {} : { namespace: talk.namespace };
  return {
    text: `I wait for ${kind} \`${name}\` to be ${until}.`,
    calls: talk.tools.call('k8s_wait', { kind, name, ...where, until }),
  };
};
