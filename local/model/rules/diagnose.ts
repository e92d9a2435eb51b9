import { readReport } from './report.ts';
import { type Rule, resultsOf } from './talk.ts';
import { tellFindings } from './tell-findings.ts';
import { inNamespace } from './words.ts';

const pattern =
  /\bwhat(?:'s| is|s| are)? (?:\w+ )?(?:wrong|broken|failing|down|the (?:problems?|matter|issues?|trouble))|\b(?:anything|something|everything|all) (?:is )?(?:wrong|broken|ok|okay|fine|healthy|failing)|\bproblems?\b|\bissues?\b|\bdiagnose\b|\btroubleshoot\b|\bhealth ?check\b|\bwhat is going on\b|\bwhat(?:'s| is) not working\b|\bcheck (?:the )?(?:shop|namespace|cluster)\b|\bhow is\b/;

/** “what is wrong in shop?”: one call that looks at everything, then its findings in words. */
export const diagnose: Rule = (talk) => {
  if (!pattern.test(talk.text.toLowerCase()) || !talk.tools.has('diagnose')) return undefined;
  const where = inNamespace(talk.namespace);
  const report = resultsOf(talk, 'diagnose').at(-1);
  if (!report)
    return {
      thinking: `To find out what is wrong in ${where} one diagnosis looks at everything there at the same time: pods, workloads, Services, volumes, events.`,
      text: `I look at everything in ${where}.`,
      calls: talk.tools.call('diagnose', { namespace: talk.namespace }),
    };
  const findings = readReport(report.text, talk.namespace);
  if (findings.length === 0) return { text: `**Nothing is wrong in ${where}** as far as can be seen.` };
  return { text: tellFindings(findings, where) };
};
