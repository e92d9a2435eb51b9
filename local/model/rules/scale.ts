import { type Rule, resultsOf } from './talk.ts';
import { kindWord, nameWord, toKind } from './words.ts';
import { summariseWrite } from './written.ts';

const patterns = [
  new RegExp(
    `\\bscale\\s+(?:up |down )?(?:the )?(?:(?<kind>${kindWord})[ /])?(?<name>${nameWord})\\b.*?\\bto\\s+(?<replicas>\\d+)`,
  ),
  new RegExp(
    `\\b(?:set|bring|put|increase|decrease|reduce|raise|lower)\\s+(?:the )?(?:replicas of )?(?<name>${nameWord})\\b.*?\\bto\\s+(?<replicas>\\d+)`,
  ),
  new RegExp(
    `\\b(?:run|want|need|give me)\\s+(?<replicas>\\d+)\\s+(?:replicas|pods|copies|instances)\\s+(?:of|for)\\s+(?:the )?(?<name>${nameWord})`,
  ),
  new RegExp(
    `\\b(?:run|want|need|give me)\\s+(?<replicas>\\d+)\\s+(?<name>${nameWord})\\s+(?:replicas|pods|copies|instances)`,
  ),
];

/** “scale checkout to 3”, “run 5 replicas of checkout in shop”. */
export const scale: Rule = (talk) => {
  const asked = patterns.map((pattern) => pattern.exec(talk.text.toLowerCase())?.groups).find((groups) => groups);
  if (!asked?.['name'] || !talk.tools.has('k8s_scale')) return undefined;
  const { name } = asked;
  const replicas = Number(asked['replicas']);
  const kind = toKind(asked['kind']) ?? 'Deployment';
  const written = resultsOf(talk, 'k8s_scale').at(-1);
  if (written) return summariseWrite(written, `${kind} \`${name}\` in \`${talk.namespace}\` is set to ${replicas}`);
  return {
    thinking: `The person wants ${kind} ${name} in namespace ${talk.namespace} to run ${replicas} replicas. That is one change, and a person has to approve it.`,
    text: `I will set ${kind} \`${name}\` in \`${talk.namespace}\` to ${replicas} replicas. Please look at the change before it is made.`,
    calls: talk.tools.call('k8s_scale', { kind, name, namespace: talk.namespace, replicas }),
  };
};
