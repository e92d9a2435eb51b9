import type { Answer } from '../protocol.ts';
import { type Deed, deedOf, lookOf } from './rollouts/asked.ts';
import { readTable } from './table.ts';
import { type Rule, resultsOf, type Talk } from './talk.ts';
import { defaultNamespace, everywhere } from './words.ts';
import { summariseWrite } from './written.ts';

/** “show the rollouts”, “promote the canary of web”, “abort the rollout web”: what is of Argo Rollouts. */
export const rollouts: Rule = (talk) => {
  const deed = deedOf(talk.text);
  const look = lookOf(talk.text);
  // Only what is of rollouts asks for their tools: a tool that was missed is loaded.
  if ((!deed && !look) || !talk.tools.has('argo_get')) return undefined;
  if (deed) return change(talk, deed);
  if (!look) return undefined;
  if (look.name === undefined) return list(talk, look.kind);
  const read = resultsOf(talk, look.tool).findLast(({ args }) => args['name'] === look.name);
  if (read) return shown(read.text);
  return at(talk, look.name, (namespace) => ({
    text: `I look at the rollout \`${look.name}\`.`,
    calls: talk.tools.call(look.tool, { name: look.name ?? '', namespace }),
  }));
};

function list(talk: Talk, kind: string): Answer {
  const read = resultsOf(talk, 'argo_get').at(-1);
  if (read) return shown(read.text);
  const namespace = saidNamespace(talk);
  const where = namespace === undefined ? {} : { namespace };
  return { text: `I read the ${kind}s.`, calls: talk.tools.call('argo_get', { kind, ...where }) };
}

function change(talk: Talk, deed: Deed): Answer | undefined {
  const { tool, name, wish, done, doing } = deed;
  if (!talk.tools.has(tool)) return undefined;
  const written = resultsOf(talk, tool).at(-1);
  if (written) return summariseWrite(written, `the rollout \`${name}\` ${done}`);
  return at(talk, name, (namespace) => ({
    thinking: `The person wants the rollout ${name} in namespace ${namespace} changed with ${tool}. A person has to approve it.`,
    text: `I will ${doing} \`${name}\` in \`${namespace}\`. Please look at the change before it is made.`,
    calls: talk.tools.call(tool, { name, namespace, ...wish }),
  }));
}

/** Goes on with the namespace that was said, or the one that has a rollout of that name. */
function at(talk: Talk, name: string, then: (namespace: string) => Answer): Answer {
  const said = saidNamespace(talk);
  if (said !== undefined) return then(said);
  const listed = resultsOf(talk, 'argo_get').find(({ args }) => args['name'] === undefined);
  if (!listed)
    return {
      text: `I look where the rollout \`${name}\` is.`,
      calls: talk.tools.call('argo_get', { kind: 'rollout' }),
    };
  const found = readTable(listed.text).filter((row) => row['NAME'] === name);
  const [only, another] = found;
  if (only?.['NAMESPACE'] !== undefined && another === undefined) return then(only['NAMESPACE']);
  const namespaces = found.map((row) => `\`${row['NAMESPACE']}\``).join(', ');
  return {
    text:
      found.length === 0
        ? `There is no rollout \`${name}\` in the cluster.`
        : `There are rollouts \`${name}\` in ${namespaces}. Say which one: “… in ${found[0]?.['NAMESPACE']}”.`,
  };
}

/** Rollouts are rarely in the default namespace, so only one that was said counts. */
function saidNamespace({ namespace, text }: Talk): string | undefined {
  if (namespace === everywhere) return undefined;
  return namespace !== defaultNamespace || inDefault.test(text.toLowerCase()) ? namespace : undefined;
}

const inDefault = new RegExp(`\\b(?:in|namespace|-n)[ =:]+(?:the |our )?['"\`]?${defaultNamespace}\\b`);

function shown(text: string): Answer {
  return { text: `\`\`\`\n${text.trim()}\n\`\`\`` };
}
