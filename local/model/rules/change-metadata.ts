import { propose } from './propose.ts';
import type { Rule } from './talk.ts';
import { isClusterScoped, kindWord, nameWord, toKind } from './words.ts';

const object = `(?:the )?(?<kind>${kindWord})[ /]['"\`]?(?<name>${nameWord})['"\`]?`;
const key = '(?<key>[a-z0-9A-Z][\\w./-]*)';

const set = new RegExp(
  `\\b(?<word>label|annotate)\\s+${object}\\s+(?:with\\s+|as\\s+)?${key}=(?<value>"[^"]*"|\\S*)`,
  'i',
);
const removed = new RegExp(
  `\\bremove\\s+(?:the )?(?<word>label|annotation)\\s+${key}\\s+(?:from|of|on)\\s+${object}`,
  'i',
);

/** “label deployment checkout with team=shop”, “remove the annotation note from service reviews”. */
export const changeMetadata: Rule = (talk) => {
  const [setting, removing] = [set.exec(talk.text)?.groups, removed.exec(talk.text)?.groups];
  const asked = setting ?? removing;
  const kind = toKind(asked?.['kind']);
  if (!asked || kind === undefined) return undefined;
  const { word = '', name = '', key: place = '' } = asked;
  const tool = /^label/i.test(word) ? 'k8s_label' : 'k8s_annotate';
  const what = tool === 'k8s_label' ? 'label' : 'annotation';
  const where = isClusterScoped(kind) ? {} : { namespace: talk.namespace };
  const shown = `${kind} \`${name}\``;
  const value = (asked['value'] ?? '').replace(/^"(.*)"$/, '$1');
  const wish = setting ? { set: { [place]: value } } : { remove: [place] };
  return propose(talk, {
    tool,
    wish: { kind, name, ...where, ...wish },
    doing: setting
      ? `set the ${what} ${place} of ${shown} to \`${value}\``
      : `remove the ${what} ${place} from ${shown}`,
    done: setting ? `${shown} has the ${what} ${place}=\`${value}\`` : `${shown} has no ${what} ${place}`,
  });
};
