import { type Rule, resultsOf } from './talk.ts';
import { kindWord, nameWord, toKind } from './words.ts';
import { summariseWrite } from './written.ts';

const pattern = new RegExp(
  `\\b(?:restart|bounce|recycle|rollout restart)\\s+(?:the )?(?:(?<kind>${kindWord})[ /])?(?<name>${nameWord})`,
);

/** “restart checkout”: new pods, one after the other, with the same template. */
export const restart: Rule = (talk) => {
  const asked = pattern.exec(talk.text.toLowerCase())?.groups;
  if (!asked?.['name'] || !talk.tools.has('k8s_rollout_restart')) return undefined;
  const { name } = asked;
  const kind = toKind(asked['kind']) ?? 'Deployment';
  const written = resultsOf(talk, 'k8s_rollout_restart').at(-1);
  if (written) return summariseWrite(written, `${kind} \`${name}\` in \`${talk.namespace}\` is restarted`);
  return {
    thinking: `A rolling restart of ${kind} ${name} in namespace ${talk.namespace}. It replaces pods, so a person has to approve it.`,
    text: `I will restart ${kind} \`${name}\` in \`${talk.namespace}\`, one pod after the other.`,
    calls: talk.tools.call('k8s_rollout_restart', { kind, name, namespace: talk.namespace }),
  };
};
