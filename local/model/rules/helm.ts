import { readTable } from './table.ts';
import { argOf, type Rule, resultsOf, type Talk } from './talk.ts';
import { everywhere, nameWord, plural } from './words.ts';

const list = /\b(?:list|show|which|what|get|give me)\b.*\bhelm (?:releases?|charts?)\b|^helm (?:list|ls|releases)\b/;
const release = `(?:helm )?release ['"\`]?(?<name>${nameWord})`;
const about: readonly (readonly [string, RegExp])[] = [
  ['all_values', new RegExp(`\\ball (?:the )?values\\b.*\\b${release}`)],
  ['values', new RegExp(`\\bvalues\\b.*\\b${release}`)],
  ['history', new RegExp(`\\b(?:history|revisions)\\b.*\\b${release}`)],
  ['manifest', new RegExp(`\\b(?:manifest|objects)\\b.*\\b${release}`)],
  ['notes', new RegExp(`\\bnotes\\b.*\\b${release}`)],
  ['status', new RegExp(`\\b(?:status|state|describe|show|get|how is)\\b.*\\b${release}`)],
];

/** “list helm releases”, “what values has release web?”, “history of release web in shop”. */
export const helm: Rule = (talk) => {
  const text = talk.text.toLowerCase();
  for (const [what, pattern] of about) {
    const name = pattern.exec(text)?.groups?.['name'];
    if (name !== undefined) return one(talk, what, name);
  }
  return list.test(text) ? all(talk) : undefined;
};

function all(talk: Talk): ReturnType<Rule> {
  if (!talk.tools.has('helm_list')) return undefined;
  const read = resultsOf(talk, 'helm_list').at(-1);
  const namespace = placeOf(talk);
  if (!read) return { text: 'I look for Helm releases.', calls: talk.tools.call('helm_list', { namespace }) };
  const rows = readTable(read.text);
  if (rows.length === 0) return { text: read.text };
  return { text: `${plural(rows.length, 'Helm release')}:\n\n\`\`\`\n${read.text.trim()}\n\`\`\`` };
}

/** Without a namespace the release is looked for first: a name alone may be anywhere. */
function one(talk: Talk, what: string, name: string): ReturnType<Rule> {
  if (!talk.tools.has('helm_get')) return undefined;
  const read = resultsOf(talk, 'helm_get').at(-1);
  if (read) return { text: `\`\`\`\n${read.text.trim()}\n\`\`\`` };
  const namespace = placeOf(talk) || foundIn(talk, name);
  if (namespace !== undefined) return { calls: talk.tools.call('helm_get', { name, namespace, what }) };
  if (resultsOf(talk, 'helm_list').length > 0) return { text: `There is no Helm release \`${name}\`.` };
  return { text: `I look for release \`${name}\`.`, calls: talk.tools.call('helm_list', {}) };
}

function foundIn(talk: Talk, name: string): string | undefined {
  const listed = resultsOf(talk, 'helm_list').find((result) => argOf(result, 'namespace') === '');
  return listed && readTable(listed.text).find((row) => row['NAME'] === name)?.['NAMESPACE'];
}

/** The namespace that was named; everywhere where none was. */
function placeOf({ text, namespace }: Talk): string {
  return /\bin\b|\bnamespace\b|(^|\s)-n\b/.test(text.toLowerCase()) ? namespace : everywhere;
}
