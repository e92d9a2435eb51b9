import { type Rule, resultsOf, type Talk } from './talk.ts';
import type { Wish } from './toolbox.ts';
import { nameWord } from './words.ts';
import { summariseWrite } from './written.ts';

const chart = `(?<chart>[a-z0-9-]+/[a-z0-9][\\w.-]*)`;
const release = `(?:the )?(?:helm )?release ['"\`]?(?<name>${nameWord})`;
const version = /\b(?:version |v)?(\d+\.\d+\.\d+(?:-[\w.]+)?)\b/;

type Deed = { readonly tool: string; readonly pattern: RegExp; readonly doing: string; readonly done: string };

const deeds: readonly Deed[] = [
  {
    tool: 'helm_install',
    pattern: new RegExp(
      `\\binstall (?:the )?(?:helm )?(?:chart )?${chart}(?: .*?\\bas (?:release )?(?<name>${nameWord}))?`,
    ),
    doing: 'install',
    done: 'is installed',
  },
  {
    tool: 'helm_upgrade',
    pattern: new RegExp(`\\bupgrade ${release}['"\`]?\\b.*?\\b(?:to|with|from) ${chart}`),
    doing: 'upgrade',
    done: 'is upgraded',
  },
  {
    tool: 'helm_rollback',
    pattern: new RegExp(`\\broll ?back ${release}['"\`]?(?:.*?\\brevision (?<revision>\\d+))?`),
    doing: 'roll back',
    done: 'is rolled back',
  },
  {
    tool: 'helm_uninstall',
    pattern: new RegExp(`\\b(?:uninstall|delete|remove) ${release}`),
    doing: 'uninstall',
    done: 'is uninstalled',
  },
];

/** “install demo/web as front in shop with replicas=2”, “upgrade release front to demo/web 1.1.0”, “roll back release front”. */
export const helmWrites: Rule = (talk) => {
  const text = talk.text.toLowerCase();
  for (const deed of deeds) {
    const asked = deed.pattern.exec(text)?.groups;
    if (asked) return propose(talk, deed, asked);
  }
  return undefined;
};

function propose(talk: Talk, deed: Deed, asked: Partial<Record<string, string>>): ReturnType<Rule> {
  const { tool, doing, done } = deed;
  if (!talk.tools.has(tool)) return undefined;
  const name = asked['name'] ?? asked['chart']?.split('/')[1] ?? '';
  const { namespace } = talk;
  const written = resultsOf(talk, tool).at(-1);
  if (written) return summariseWrite(written, `release \`${name}\` in \`${namespace}\` ${done}`);
  const wish: Wish = {
    name,
    namespace,
    ...(asked['chart'] && chartOf(talk.text, asked['chart'])),
    ...(asked['revision'] && { revision: Number(asked['revision']) }),
  };
  return {
    thinking: `The person wants to ${doing} release ${name} in namespace ${namespace}. A person has to see what becomes of each object and approve it.`,
    text: `I will ${doing} release \`${name}\` in \`${namespace}\`. Please look at the change of each object first.`,
    calls: talk.tools.call(tool, wish),
  };
}

function chartOf(text: string, lower: string): Pick<Wish, 'chart' | 'version' | 'values'> {
  const at = text.toLowerCase().indexOf(lower);
  const after = text.slice(at + lower.length);
  const exact = version.exec(after)?.[1];
  const values = Object.fromEntries(
    [...after.matchAll(/\b([A-Za-z]\w*)=([^\s,]+)/g)].map(([, key = '', value = '']) => [key, toValue(value)]),
  );
  return {
    chart: text.slice(at, at + lower.length),
    ...(exact === undefined ? {} : { version: exact }),
    ...(Object.keys(values).length === 0 ? {} : { values }),
  };
}

function toValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
}
