import { listPods, podsOf } from './pod-of.ts';
import { type Rule, resultsOf } from './talk.ts';
import { kindWord, nameWord, plural, toKind } from './words.ts';

const patterns = [
  new RegExp(
    `\\bis\\s+(?:the )?(?:(?<kind>${kindWord})[ /])?(?<name>${nameWord})\\s+(?:deployment |service )?(?:healthy|ok|okay|fine|up|running|ready|rolled out|done)\\b`,
  ),
  new RegExp(
    `\\b(?:(?:rollout )?status|health)\\s+(?:of|for)\\s+(?:the )?(?:(?<kind>${kindWord})[ /])?(?<name>${nameWord})`,
  ),
  new RegExp(`\\bhow (?:is|healthy is)\\s+(?:the )?(?<name>${nameWord})\\b(?! going)`),
  new RegExp(`\\bhow many (?:replicas|pods)\\s+(?:does|has|of)\\s+(?:the )?(?<name>${nameWord})`),
];

/** “is checkout healthy?”: the rollout and the pods, read at the same time. */
export const health: Rule = (talk) => {
  const asked = patterns.map((pattern) => pattern.exec(talk.text.toLowerCase())?.groups).find((groups) => groups);
  if (!asked?.['name'] || /^(everything|all|it|the|there|anything|everyone)$/.test(asked['name'])) return undefined;
  const { name } = asked;
  const kind = toKind(asked['kind']) ?? 'Deployment';
  const { namespace } = talk;
  if (talk.rounds.length === 0) {
    const calls = [...talk.tools.call('k8s_rollout_status', { kind, name, namespace }), ...listPods(talk)];
    return calls.length === 0 ? undefined : { text: `I look at the rollout and the pods of \`${name}\`.`, calls };
  }
  const pods = podsOf(talk, name) ?? [];
  const bad = pods.filter(({ status }) => status !== 'Running' && status !== 'Completed');
  const rollout = resultsOf(talk, 'k8s_rollout_status').at(-1)?.text.trim() ?? '';
  const failure = talk.rounds.flat().find((result) => result.status === 'failed')?.text ?? '';
  const healthy = pods.length > 0 && bad.length === 0 && failure === '';
  const text = [
    healthy
      ? `**Yes, \`${name}\` in \`${namespace}\` is healthy.**`
      : `**\`${name}\` in \`${namespace}\` is not healthy.**`,
    rollout || failure,
    pods.length === 0
      ? 'It has no pods.'
      : `${plural(pods.length, 'pod')}:\n\n${pods.map((pod) => `- \`${pod.name}\`: ${pod.status}`).join('\n')}`,
  ];
  return { text: text.filter((part) => part !== '').join('\n\n') };
};
