import { type Rule, resultsOf } from './talk.ts';
import { isClusterScoped, kindWord, nameWord, toKind } from './words.ts';
import { summariseWrite } from './written.ts';

const before = new RegExp(
  `\\b(?:delete|remove|get rid of)\\s+(?:the )?(?<kind>${kindWord})[ /]['"\`]?(?<name>${nameWord})`,
);
const after = new RegExp(
  `\\b(?:delete|remove|get rid of)\\s+(?:the )?['"\`]?(?<name>${nameWord})['"\`]? (?<kind>${kindWord})\\b`,
);

/** “delete pod checkout-1”, “remove the reviews service”. Without a kind nothing is guessed: a delete is for good. */
export const remove: Rule = (talk) => {
  const text = talk.text.toLowerCase();
  const asked = (before.exec(text) ?? after.exec(text))?.groups;
  const kind = toKind(asked?.['kind']);
  if (!asked?.['name'] || kind === undefined || !talk.tools.has('k8s_delete')) return undefined;
  const { name } = asked;
  const where = isClusterScoped(kind) ? {} : { namespace: talk.namespace };
  const place = isClusterScoped(kind) ? '' : ` in \`${talk.namespace}\``;
  const written = resultsOf(talk, 'k8s_delete').at(-1);
  if (written) return summariseWrite(written, `${kind} \`${name}\`${place} is deleted`);
  return {
    thinking: `The person wants ${kind} ${name} gone. What it owns goes with it, so a person has to see that and approve it.`,
    text: `I will delete ${kind} \`${name}\`${place}. Please look at what goes with it first.`,
    calls: talk.tools.call('k8s_delete', { kind, name, ...where }),
  };
};
