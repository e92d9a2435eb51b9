import { propose } from './propose.ts';
import type { Rule } from './talk.ts';
import { nameWord } from './words.ts';

const node = `(?:the )?(?:node )?['"\`]?(?<name>${nameWord})['"\`]?`;
const key = '(?<key>[\\w./-]+?)';
const effect = '(?<effect>NoSchedule|PreferNoSchedule|NoExecute)';

const cordoned = new RegExp(`\\b(?<word>cordon|uncordon)\\s+${node}`, 'i');
const tainted = new RegExp(
  `\\btaint\\s+${node}\\s+(?:with\\s+)?${key}(?:=(?<value>[\\w.-]*))?:${effect}(?<gone>-)?`,
  'i',
);
const untainted = new RegExp(`\\bremove\\s+(?:the )?taint\\s+${key}(?::${effect})?\\s+(?:from|of|on)\\s+${node}`, 'i');
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** “cordon node-1”, “taint node-1 with gpu=yes:NoSchedule”, “remove the taint gpu from node-1”. */
export const changeNode: Rule = (talk) => {
  const cordon = cordoned.exec(talk.text)?.groups;
  if (cordon?.['name'] !== undefined) {
    const { name } = cordon;
    const tool = cordon['word']?.toLowerCase() === 'cordon' ? 'k8s_cordon' : 'k8s_uncordon';
    const word = tool.replace('k8s_', '');
    return propose(talk, {
      tool,
      wish: { name },
      doing: `${word} node \`${name}\``,
      done: `Node \`${name}\` is ${word}ed`,
    });
  }
  const asked = tainted.exec(talk.text)?.groups;
  const gone = asked?.['gone'] === undefined ? untainted.exec(talk.text)?.groups : asked;
  const { name, key: taint, value, effect: said } = gone ?? asked ?? {};
  if (name === undefined || taint === undefined) return undefined;
  const known = effects.find((one) => one.toLowerCase() === said?.toLowerCase());
  const which = { key: taint, ...(known === undefined ? {} : { effect: known }) };
  const wish = gone ? { name, ...which, remove: true as const } : { name, ...which, ...(value ? { value } : {}) };
  return propose(talk, {
    tool: 'k8s_taint',
    wish,
    doing: gone ? `remove the taint ${taint} from node \`${name}\`` : `taint node \`${name}\` with ${taint}`,
    done: gone ? `Node \`${name}\` has no taint ${taint}` : `Node \`${name}\` has the taint ${taint}`,
  });
};
