import { readReport } from './report.ts';
import { type Rule, resultsOf } from './talk.ts';
import { tellFinding } from './tell-findings.ts';
import { nameWord } from './words.ts';

const patterns = [
  new RegExp(`\\bwhy\\s+(?:is|does|are|do|isn't|doesn't|can't|won't)\\s+(?:the )?(?<name>${nameWord})\\b`),
  new RegExp(`\\bwhat(?:'s| is)\\s+(?:wrong|the (?:problem|matter|issue))\\s+with\\s+(?:the )?(?<name>${nameWord})`),
  new RegExp(`\\b(?:diagnose|investigate|troubleshoot|debug)\\s+(?:the )?(?<name>${nameWord})`),
];
const tooBroad = new Set(['shop', 'everything', 'the', 'it', 'cluster', 'namespace', 'this', 'that', 'there', 'in']);

/** “why is orders crashing?”: one workload with everything around it, instead of the whole namespace. */
export const investigate: Rule = (talk) => {
  const name = patterns.map((pattern) => pattern.exec(talk.text.toLowerCase())?.groups).find((groups) => groups)?.[
    'name'
  ];
  if (name === undefined || tooBroad.has(name) || name === talk.namespace || !talk.tools.has('diagnose'))
    return undefined;
  const report = resultsOf(talk, 'diagnose').at(-1);
  if (!report)
    return {
      thinking: `The state of everything around ${name}.`,
      text: `I look at \`${name}\`.`,
      calls: talk.tools.call('diagnose', { namespace: talk.namespace, workload: name }),
    };
  const findings = readReport(report.text, talk.namespace);
  if (findings.length === 0) return { text: `\`${name}\` in \`${talk.namespace}\` shows no problem.` };
  return { text: findings.map(tellFinding).join('\n\n') };
};
