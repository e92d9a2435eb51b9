import { type Rule, resultsOf } from './talk.ts';
import { nameWord } from './words.ts';
import { summariseWrite } from './written.ts';

const node = `(?:the )?(?:node )?['"\`]?(?<name>${nameWord})`;
const asked = new RegExp(`\\b(?:drain|evacuate|empty)\\s+${node}`);
const imagined = new RegExp(`\\b(?:if|what).*\\b(?:drain(?:ed|ing)?)\\s+${node}|\\bdrain plan (?:of|for) ${node}`);

/** “drain node-a”, “what would happen if I drained node-a?”: looked at first, proposed where nothing is in the way. */
export const drain: Rule = (talk) => {
  const text = talk.text.toLowerCase();
  const onlyLook = imagined.exec(text)?.groups;
  const name = (onlyLook ?? asked.exec(text)?.groups)?.['name'];
  if (name === undefined || !talk.tools.has('k8s_drain_plan')) return undefined;
  const wish = {
    name,
    evictUnmanaged: /\bunmanaged\b|\bbare pods?\b/.test(text) || undefined,
    evictLocalData: /\blocal data\b|\bempty ?dirs?\b/.test(text) || undefined,
  };
  const written = resultsOf(talk, 'k8s_drain').at(-1);
  if (written) return summariseWrite(written, `node \`${name}\` is drained`);
  const seen = resultsOf(talk, 'k8s_drain_plan').at(-1);
  if (!seen)
    return {
      text: `I look at what draining \`${name}\` would do.`,
      calls: talk.tools.call('k8s_drain_plan', wish),
    };
  const shown = `\`\`\`\n${seen.text.trim()}\n\`\`\``;
  if (onlyLook) return { text: `Draining \`${name}\` would do this; nothing is changed yet:\n\n${shown}` };
  if (/^In the way/m.test(seen.text))
    return {
      text: `\`${name}\` cannot be drained like this:\n\n${shown}\n\nIf these pods may be lost, say “drain ${name} with unmanaged pods and local data”.`,
    };
  return {
    thinking: `Nothing is in the way of draining ${name}. It ends pods, so a person has to approve it.`,
    text: `I will cordon \`${name}\` and evict its pods, as their disruption budgets allow. Please look at the pods first.`,
    calls: talk.tools.call('k8s_drain', wish),
  };
};
