import { findProblems, readEverything } from './survey.ts';
import { lookCloser, tellProblem } from './findings.ts';
import type { Rule } from './talk.ts';
import { inNamespace } from './words.ts';

const pattern =
  /\bwhat(?:'s| is|s| are)? (?:\w+ )?(?:wrong|broken|failing|down|the (?:problems?|matter|issues?|trouble))|\b(?:anything|something|everything|all) (?:is )?(?:wrong|broken|ok|okay|fine|healthy|failing)|\bproblems?\b|\bissues?\b|\bdiagnose\b|\btroubleshoot\b|\bhealth ?check\b|\bwhat is going on\b|\bwhat(?:'s| is) not working\b|\bcheck (?:the )?(?:shop|namespace|cluster)\b|\bhow is\b/;
const numbers = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];
/** So that a cluster on fire is still one readable answer. */
const mostProblems = 8;

/** “what is wrong in shop?”: survey at once, look closer at each problem at once, then say it. */
export const diagnose: Rule = (talk) => {
  if (!pattern.test(talk.text.toLowerCase()) || !talk.tools.has('k8s_get')) return undefined;
  const where = inNamespace(talk.namespace);
  if (talk.rounds.length === 0) {
    return {
      thinking: `To find out what is wrong in ${where} I read pods, workloads, Services with their endpoints, and warnings, all at the same time.`,
      text: `I look at ${where}: pods, deployments, services and recent warnings.`,
      calls: readEverything(talk),
    };
  }
  const problems = findProblems(talk).slice(0, mostProblems);
  if (problems.length === 0)
    return { text: `**Nothing is wrong in ${where}** as far as pods, Services and events show.` };
  const closer = problems.flatMap((problem) => lookCloser(talk, problem));
  if (talk.rounds.length === 1 && closer.length > 0) {
    const names = problems.map((problem) => problem.subject).join(', ');
    return {
      thinking: `In trouble: ${names}. For each I read what tells the reason.`,
      text: `${numbers[problems.length] ?? problems.length} ${problems.length === 1 ? 'needs' : 'need'} a closer look: ${names}.`,
      calls: closer,
    };
  }
  const count = numbers[problems.length] ?? String(problems.length);
  const head = `**${count} ${problems.length === 1 ? 'thing is' : 'things are'} wrong in ${where}.** Everything else there looks healthy.`;
  return { text: [head, ...problems.map((problem) => tellProblem(talk, problem))].join('\n\n') };
};
