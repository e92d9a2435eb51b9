import { propose } from './propose.ts';
import type { Rule, Talk } from './talk.ts';
import { kindWord, nameWord, toKind } from './words.ts';

const workload = `(?:the )?(?:(?<kind>${kindWord})[ /])?['"\`]?(?<name>${nameWord})['"\`]?(?:'s)?`;
const amount = '(?<amount>\\d+(?:\\.\\d+)?(?:[kKMGT]i?|m)?)B?';
/** A shell's name of a variable: with small letters alone it would be any word. */
const variable = '(?<variable>[A-Z_][A-Z0-9_]*)';

const undone = [
  new RegExp(
    `\\bundo\\s+(?:the )?(?:last )?(?:rollout|deploy(?:ment)?|change)\\s+(?:of|to|on)\\s+${workload}(?:\\b.*?\\brevision (?<revision>\\d+))?`,
    'i',
  ),
  new RegExp(`\\broll\\s?back\\s+(?!release\\b|helm\\b)${workload}(?:\\b.*?\\brevision (?<revision>\\d+))?`, 'i'),
  new RegExp(`\\broll\\s+(?!release\\b|helm\\b)${workload}\\s+back(?:\\b.*?\\brevision (?<revision>\\d+))?`, 'i'),
  new RegExp(
    `\\btake\\s+${workload}\\s+back to (?:the )?(?:revision (?<revision>\\d+)|(?:former|last|previous) (?:revision|version))`,
    'i',
  ),
];
const halted = new RegExp(`\\b(?<word>pause|resume)\\s+(?:the )?(?:rollout (?:of )?)?${workload}`, 'i');
const resourced = [
  new RegExp(
    `\\b(?:set|change|raise|lower|increase|reduce)\\s+(?:the )?(?<resource>cpu|memory) (?<side>limit|request)s? (?:of|for|on)\\s+${workload}\\b.*?\\bto\\s+${amount}`,
    'i',
  ),
  new RegExp(`\\bgive\\s+${workload}\\s+(?:a )?(?<resource>cpu|memory) (?<side>limit|request) of\\s+${amount}`, 'i'),
  new RegExp(`\\bgive\\s+${workload}\\s+${amount}\\s+(?:of )?(?<resource>cpu|memory)\\b`, 'i'),
];
const environed = [
  new RegExp(
    `\\bset\\s+(?:the )?(?:(?:environment )?variable |env )?${variable}\\s*=\\s*(?<value>\\S+)\\s+(?:of|for|on|in)\\s+${workload}`,
  ),
  new RegExp(
    `\\bset\\s+(?:the )?(?:(?:environment )?variable |env )?${variable}\\s+(?:of|for|on|in)\\s+${workload}\\s+to\\s+(?<value>\\S+)`,
  ),
];
const unset = new RegExp(
  `\\b(?:unset|remove)\\s+(?:the )?(?:(?:environment )?variable |env )?${variable}\\s+(?:of|for|on|in|from)\\s+${workload}`,
);
const autoscaled = [
  new RegExp(
    `\\b(?:let|make|have)\\s+(?:the )?(?:autoscaler|hpa) (?:of )?['"\`]?(?<name>${nameWord})['"\`]? (?:scale |run )?between (?<min>\\d+) and (?<max>\\d+)`,
    'i',
  ),
  new RegExp(
    `\\bset\\s+(?:the )?(?<bound>min|max)(?:imum)?(?: replicas| pods)? of (?:the )?(?:autoscaler|hpa) ['"\`]?(?<name>${nameWord})['"\`]? to (?<count>\\d+)`,
    'i',
  ),
];

type Groups = Readonly<Record<string, string | undefined>>;

/** “roll back checkout”, “pause checkout”, “set the memory limit of checkout to 512Mi”, “set LOG_LEVEL=debug on checkout”. */
export const changeWorkload: Rule = (talk) =>
  undo(talk) ?? halt(talk) ?? resources(talk) ?? environment(talk) ?? autoscaler(talk);

const undo: Rule = (talk) => {
  const asked = first(undone, talk.text);
  if (!asked) return undefined;
  const { wish, shown } = meant(asked, talk);
  const revision = asked['revision'] === undefined ? {} : { revision: Number(asked['revision']) };
  const where = asked['revision'] === undefined ? 'the revision before' : `revision ${asked['revision']}`;
  return propose(talk, {
    tool: 'k8s_rollout_undo',
    wish: { ...wish, ...revision },
    doing: `take ${shown} back to ${where}`,
    done: `${shown} is back at ${where}`,
  });
};

const halt: Rule = (talk) => {
  const asked = halted.exec(talk.text)?.groups;
  if (!asked) return undefined;
  const { wish, shown } = meant(asked, talk);
  const word = asked['word']?.toLowerCase() === 'pause' ? 'pause' : 'resume';
  return propose(talk, { tool: `k8s_rollout_${word}`, wish, doing: `${word} ${shown}`, done: `${shown} is ${word}d` });
};

const resources: Rule = (talk) => {
  const asked = first(resourced, talk.text);
  if (!asked) return undefined;
  const { wish, shown } = meant(asked, talk);
  const side = asked['side']?.toLowerCase() === 'request' ? 'request' : 'limit';
  const resource = asked['resource']?.toLowerCase() ?? '';
  const { amount: to = '' } = asked;
  return propose(talk, {
    tool: 'k8s_set_resources',
    wish: { ...wish, [`${side}s`]: { [resource]: to } },
    doing: `set the ${resource} ${side} of ${shown} to ${to}`,
    done: `${shown} has a ${resource} ${side} of ${to}`,
  });
};

const environment: Rule = (talk) => {
  const tool = 'k8s_set_env';
  const set = first(environed, talk.text);
  if (set) {
    const { wish, shown } = meant(set, talk);
    const { variable: key = '', value = '' } = set;
    const plain = value.replace(/[.,;]$/, '');
    const doing = `set ${key} of ${shown} to \`${plain}\``;
    return propose(talk, {
      tool,
      wish: { ...wish, set: { [key]: plain } },
      doing,
      done: `${key} of ${shown} is \`${plain}\``,
    });
  }
  const gone = unset.exec(talk.text)?.groups;
  if (!gone) return undefined;
  const { wish, shown } = meant(gone, talk);
  const { variable: key = '' } = gone;
  return propose(talk, {
    tool,
    wish: { ...wish, unset: [key] },
    doing: `remove ${key} from ${shown}`,
    done: `${key} is gone from ${shown}`,
  });
};

const autoscaler: Rule = (talk) => {
  const asked = first(autoscaled, talk.text);
  const name = asked?.['name'];
  if (!asked || name === undefined) return undefined;
  const { min, max, bound, count } = asked;
  const bounds =
    bound === undefined ? { min: Number(min), max: Number(max) } : { [bound.toLowerCase()]: Number(count) };
  const told = Object.entries(bounds)
    .map(([which, value]) => `${which} ${value}`)
    .join(', ');
  const shown = `autoscaler \`${name}\` in \`${talk.namespace}\``;
  return propose(talk, {
    tool: 'k8s_autoscale',
    wish: { name, namespace: talk.namespace, ...bounds },
    doing: `set ${shown} to ${told}`,
    done: `${shown} is at ${told}`,
  });
};

function first(patterns: readonly RegExp[], text: string): Groups | undefined {
  return patterns.map((pattern) => pattern.exec(text)?.groups).find((groups) => groups?.['name'] !== undefined);
}

function meant(asked: Groups, { namespace }: Talk) {
  const kind = toKind(asked['kind']) ?? 'Deployment';
  const name = asked['name']?.toLowerCase() ?? '';
  return { wish: { kind, name, namespace }, shown: `${kind} \`${name}\` in \`${namespace}\`` };
}
