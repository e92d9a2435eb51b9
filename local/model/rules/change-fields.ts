import { propose } from './propose.ts';
import type { Rule } from './talk.ts';
import { isClusterScoped, kindWord, nameWord, toKind } from './words.ts';

const pattern = new RegExp(
  `\\b(?:(?<type>strategic|merge|json)[ -])?patch\\s+(?:the )?(?<kind>${kindWord})[ /]['"\`]?(?<name>${nameWord})['"\`]?[^\\w{[][^{[]*(?<patch>[{[].*[}\\]])`,
  'is',
);

/** “patch deployment checkout with {"spec": {"revisionHistoryLimit": 3}}”: JSON as it is, or it is not understood. */
export const changeFields: Rule = (talk) => {
  const asked = pattern.exec(talk.text)?.groups;
  const kind = toKind(asked?.['kind']);
  const patch = parsed(asked?.['patch']);
  if (!asked || kind === undefined || patch === undefined) return undefined;
  const { name = '' } = asked;
  const type = Array.isArray(patch) ? 'json' : (asked['type']?.toLowerCase() ?? 'strategic');
  const where = isClusterScoped(kind) ? {} : { namespace: talk.namespace };
  const shown = `${kind} \`${name}\``;
  return propose(talk, {
    tool: 'k8s_patch',
    wish: { kind, name, ...where, type, patch },
    doing: `patch ${shown}`,
    done: `${shown} is patched`,
  });
};

function parsed(text: string | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // No JSON: then it was no patch either.
    return undefined;
  }
}
