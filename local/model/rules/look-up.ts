import { type Rule, resultsOf, type Talk } from './talk.ts';
import type { Wish } from './toolbox.ts';
import { everywhere, inNamespace, kindWord, nameWord, toKind } from './words.ts';

/** One read, shown as it comes. */
type Lookup = { readonly tool: string; readonly wish: Wish; readonly doing: string };

const verb = '(?<verb>get|list|watch|create|update|patch|delete|scale|see|read|change)';
const verbs: Readonly<Record<string, string>> = { see: 'list', read: 'get', change: 'patch', scale: 'patch' };
const top =
  /\btop (?<of>pods?|nodes?)\b|\b(?:which|what) (?<which>pods?|nodes?)?\s*(?:uses?|takes?|needs?|eats?) (?:the )?most (?<most>cpu|memory)\b|\b(?<by>cpu|memory|resource) (?:usage|use|consumption)\b(?:.*\b(?<whose>pods?|nodes?)\b)?/;
const history = new RegExp(
  `\\b(?:rollout )?(?:history|revisions) (?:of|for) (?!release\\b|helm\\b)(?:the )?(?:(?<kind>${kindWord})[ /])?(?<name>${nameWord})|\\bwhich revisions does (?:the )?(?<whose>${nameWord}) have`,
);
const mayI = new RegExp(
  `\\b(?:can|may|could) (?:i|you|we|skyflo) ${verb} (?:the |any |a )?(?<kind>${kindWord})(?=\\s*(?:[?.]|$|in\\b|here\\b|everywhere\\b))`,
);
const allowed =
  /\bwhat (?:may|can) (?:i|you|we|skyflo) do (?:in|here)\b|\bwhat (?:are you|am i|is skyflo) allowed\b|\bwhich (?:rights|permissions)\b/;
const explained = [
  new RegExp(
    `\\bexplain (?:the )?(?<kind>${kindWord})(?:\\.(?<path>[\\w.]+))?(?: (?<field>[\\w]+(?:\\.[\\w]+)+))?\\s*[?.]?$`,
  ),
  new RegExp(
    `\\bwhat (?:is|does|are) (?:the )?(?:field )?(?<field>[\\w]+(?:\\.[\\w]+)+)(?: mean)? (?:of|in|on) (?:a |the )?(?<kind>${kindWord})`,
  ),
];
const served =
  /\b(?:which|what|list|show)(?: me)?(?: the| all)? (?:api )?(?:kinds|resources|crds|apis|custom resources)\b(?:.*\b(?:group|of) (?<group>[a-z0-9.-]+\.[a-z0-9.-]+|core|apps|batch)\b)?/;
const cluster =
  /\bcluster[- ]info\b|\babout (?:the|this|my) cluster\b|\bdescribe (?:the|this|my) cluster\b|\b(?:which|what) (?:kubernetes )?version\b|\bwhat cluster is this\b/;

/** “top pods”, “history of checkout”, “can you delete pods?”, “explain deployment.spec.strategy”, “about the cluster”. */
export const lookUp: Rule = (talk) => {
  const found = lookupOf(talk);
  if (!found || !talk.tools.has(found.tool)) return undefined;
  const read = resultsOf(talk, found.tool).at(-1);
  if (read) return { text: `\`\`\`\n${read.text.trim()}\n\`\`\`` };
  return { text: `I look up ${found.doing}.`, calls: talk.tools.call(found.tool, found.wish) };
};

function lookupOf(talk: Talk): Lookup | undefined {
  const text = talk.text.toLowerCase();
  return (
    clusterOf(text) ??
    rightsOf(text, talk) ??
    meaningOf(talk.text) ??
    usageOf(text, talk) ??
    historyOf(text, talk) ??
    kindsOf(text)
  );
}

function clusterOf(text: string): Lookup | undefined {
  return cluster.test(text) ? { tool: 'k8s_cluster_info', wish: {}, doing: 'what cluster this is' } : undefined;
}

function rightsOf(text: string, { namespace }: Talk): Lookup | undefined {
  const tool = 'k8s_can_i';
  const asked = mayI.exec(text)?.groups;
  const kind = toKind(asked?.['kind']);
  const said = asked?.['verb'];
  if (said !== undefined && kind !== undefined) {
    const meant = verbs[said] ?? said;
    return { tool, wish: { verb: meant, kind, namespace }, doing: `whether I may ${meant} ${kind}s` };
  }
  return allowed.test(text)
    ? { tool, wish: { namespace }, doing: `what I may do in ${inNamespace(namespace)}` }
    : undefined;
}

function meaningOf(text: string): Lookup | undefined {
  const asked = explained.map((pattern) => new RegExp(pattern, 'i').exec(text)?.groups).find((groups) => groups);
  const kind = toKind(asked?.['kind']);
  if (!asked || kind === undefined) return undefined;
  const path = asked['path'] ?? asked['field'];
  const doing = path === undefined ? `what a ${kind} is` : `what ${path} of a ${kind} is`;
  return { tool: 'k8s_explain', wish: { kind, ...(path === undefined ? {} : { path }) }, doing };
}

function usageOf(text: string, { namespace }: Talk): Lookup | undefined {
  const asked = top.exec(text)?.groups;
  if (!asked) return undefined;
  const of = /^node/.test(asked['of'] ?? asked['which'] ?? asked['whose'] ?? 'pods') ? 'nodes' : 'pods';
  const by = (asked['most'] ?? asked['by']) === 'memory' ? 'memory' : 'cpu';
  const where = of === 'nodes' || namespace === everywhere ? {} : { namespace };
  return { tool: 'k8s_top', wish: { of, by, ...where }, doing: `what ${of} use` };
}

function historyOf(text: string, { namespace }: Talk): Lookup | undefined {
  const asked = history.exec(text)?.groups;
  const name = asked?.['name'] ?? asked?.['whose'];
  if (name === undefined) return undefined;
  const kind = toKind(asked?.['kind']) ?? 'Deployment';
  return { tool: 'k8s_rollout_history', wish: { kind, name, namespace }, doing: `the revisions of \`${name}\`` };
}

function kindsOf(text: string): Lookup | undefined {
  const asked = served.exec(text);
  if (!asked) return undefined;
  const group = asked.groups?.['group'];
  return {
    tool: 'k8s_api_resources',
    wish: group === undefined ? {} : { group },
    doing: 'which kinds the cluster serves',
  };
}
