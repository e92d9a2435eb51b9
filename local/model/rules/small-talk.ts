import type { Rule } from './talk.ts';

export const whatItCan = [
  '“what is wrong in shop?”',
  '“why is orders crashing?”',
  '“show pods in shop”, “describe payments”, “logs of orders”, “events”',
  '“is checkout healthy?”',
  '“wait for checkout to be rolled out”',
  '“scale checkout to 3”, “restart checkout” (a person approves these)',
  '“fix payments” (where I know a repair; and these)',
  '“roll back checkout”, “pause checkout”, “set the memory limit of checkout to 512Mi”, “set LOG_LEVEL=debug on checkout” (and these)',
  '“cordon node-1”, “label deployment checkout with team=shop”, “patch …” with JSON (and these)',
  '“top pods”, “history of checkout”, “can you delete pods?”, “explain deployment.spec.strategy”, “about the cluster”',
  '“set the image of checkout to …”, “delete pod …” (and these)',
  '“show the rollouts”, “promote the canary of web”, “abort the rollout web” (these too)',
]
  .map((line) => `- ${line}`)
  .join('\n');

/** Greetings, thanks, and the question who is there. */
export const smallTalk: Rule = (talk) => {
  const lower = talk.text.toLowerCase();
  if (
    /^(hi|hello|hey|good (morning|evening|day)|help|\?)\b|\bwhat can you do\b|\bwho are you\b|\bare you (a|an) (ai|bot|model|llm)\b/.test(
      lower,
    )
  )
    return {
      text: `Hello. I am a rule-based stand-in and no real model: I understand a few dozen everyday requests. For example:\n\n${whatItCan}`,
    };
  if (/^(thanks|thank you|thx|great|perfect|nice|ok|okay|cool)\b/.test(lower)) return { text: 'You are welcome.' };
  return undefined;
};
