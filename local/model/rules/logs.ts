import { tellingLine } from './evidence.ts';
import { listPods, podsOf } from './pod-of.ts';
import { argOf, type Rule, resultsOf } from './talk.ts';
import { nameWord } from './words.ts';

const patterns = [
  new RegExp(`\\blogs?\\s+(?:of|for|from|on)\\s+(?:the )?(?:pod |deployment |deploy/)?(?<name>${nameWord})`),
  new RegExp(`\\b(?:show|get|tail|read|see|check)\\s+(?:me )?(?:the )?(?<name>${nameWord})(?:'s)?\\s+logs?\\b`),
  new RegExp(`\\bwhat does\\s+(?<name>${nameWord})\\s+(?:log|say)\\b`),
];

/** “logs of orders”: the pod is looked up first, the one in trouble before a healthy one. */
export const logs: Rule = (talk) => {
  const name = patterns.map((pattern) => pattern.exec(talk.text.toLowerCase())?.groups).find((groups) => groups)?.[
    'name'
  ];
  if (name === undefined || !talk.tools.has('k8s_logs')) return undefined;
  const read = resultsOf(talk, 'k8s_logs').at(-1);
  if (read) return sum(argOf(read, 'name', 'pod', 'pod_name', 'target') || name, read.text);
  const pods = podsOf(talk, name);
  if (pods === undefined) return { text: `I look for the pods of \`${name}\`.`, calls: listPods(talk) };
  const pod = pods.find(({ status }) => !/^(Running|Completed)$/.test(status)) ?? pods[0];
  if (!pod) return { text: `There is no pod of \`${name}\` in \`${talk.namespace}\`.` };
  return { calls: talk.tools.call('k8s_logs', { kind: 'Pod', name: pod.name, namespace: talk.namespace, tail: 50 }) };
};

function sum(pod: string, log: string): { text: string } {
  const line = tellingLine(log);
  if (line === undefined) return { text: `\`${pod}\` has not logged anything.` };
  const tail = log.trim().split('\n').slice(-12).join('\n');
  return { text: `The end of the log of \`${pod}\`:\n\n\`\`\`\n${tail}\n\`\`\`\n\nThe telling line: \`${line}\`` };
}
