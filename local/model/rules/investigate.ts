import { lookCloser, tellProblem } from './findings.ts';
import { findProblems, readEverything } from './survey.ts';
import type { Rule } from './talk.ts';
import { nameWord } from './words.ts';

const patterns = [
  new RegExp(`\\bwhy\\s+(?:is|does|are|do|isn't|doesn't|can't|won't)\\s+(?:the )?(?<name>${nameWord})\\b`),
  new RegExp(`\\bwhat(?:'s| is)\\s+(?:wrong|the (?:problem|matter|issue))\\s+with\\s+(?:the )?(?<name>${nameWord})`),
  new RegExp(`\\b(?:diagnose|investigate|troubleshoot|debug)\\s+(?:the )?(?<name>${nameWord})`),
];
const tooBroad = new Set(['shop', 'everything', 'the', 'it', 'cluster', 'namespace', 'this', 'that', 'there', 'in']);

/** “why is orders crashing?”: one workload instead of the whole namespace. */
export const investigate: Rule = (talk) => {
  const name = patterns.map((pattern) => pattern.exec(talk.text.toLowerCase())?.groups).find((groups) => groups)?.[
    'name'
  ];
  if (name === undefined || tooBroad.has(name) || name === talk.namespace || !talk.tools.has('k8s_get'))
    return undefined;
  if (talk.rounds.length === 0) {
    return {
      thinking: `First the state of everything around ${name}.`,
      text: `I look at \`${name}\`.`,
      calls: readEverything(talk),
    };
  }
  const problems = findProblems(talk).filter((problem) => problem.subject === name || problem.pods.includes(name));
  if (problems.length === 0)
    return {
      text: `\`${name}\` in \`${talk.namespace}\` shows no problem: its pods run, and its Service has endpoints.`,
    };
  const closer = problems.flatMap((problem) => lookCloser(talk, problem));
  if (talk.rounds.length === 1 && closer.length > 0)
    return { text: `\`${name}\` is in trouble; I look closer.`, calls: closer };
  return { text: problems.map((problem) => tellProblem(talk, problem)).join('\n\n') };
};
