import { type Rule, resultsOf } from './talk.ts';
import { readTable } from './table.ts';
import { inNamespace, plural } from './words.ts';

/** “events”, “any warnings in shop?”. */
export const events: Rule = (talk) => {
  const lower = talk.text.toLowerCase();
  if (!/\bevents?\b|\bwarnings?\b|\bwhat (has )?happened\b/.test(lower) || !talk.tools.has('k8s_events'))
    return undefined;
  const warningsOnly = /\bwarnings?\b/.test(lower);
  const read = resultsOf(talk, 'k8s_events').at(-1);
  if (!read) {
    const wish = { namespace: talk.namespace, ...(warningsOnly ? { warningsOnly } : {}) };
    return { text: `I read the events of ${inNamespace(talk.namespace)}.`, calls: talk.tools.call('k8s_events', wish) };
  }
  const rows = readTable(read.text);
  if (rows.length === 0) return { text: read.text.trim() || `There are no events in ${inNamespace(talk.namespace)}.` };
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row['REASON'] ?? '', (counts.get(row['REASON'] ?? '') ?? 0) + 1);
  const reasons = [...counts].toSorted((a, b) => b[1] - a[1]).map(([reason, count]) => `- ${reason}: ${count}`);
  const text = `${plural(rows.length, 'event')} in ${inNamespace(talk.namespace)}, by reason:\n\n${reasons.join('\n')}\n\n\`\`\`\n${read.text.trim()}\n\`\`\``;
  return { text };
};
