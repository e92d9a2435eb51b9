import { describe, expect, it } from '@jest/globals';
import { type Answer, type ChatMessage, ChatTool } from '../protocol.ts';
import { answerByRules } from './answer-by-rules.ts';

const names = [
  'k8s_get',
  'k8s_describe',
  'k8s_logs',
  'k8s_events',
  'k8s_scale',
  'k8s_rollout_restart',
  'k8s_rollout_status',
  'k8s_set_image',
  'k8s_delete',
  'k8s_wait',
];
const properties = { kind: {}, name: {}, namespace: {}, replicas: {}, tail: {}, type: {}, image: {}, until: {} };
const tools = names.map((name) =>
  ChatTool.parse({ type: 'function', function: { name, parameters: { type: 'object', properties } } }),
);
const pods = `NAME                        READY   STATUS             RESTARTS   AGE
checkout-5c9c6b7d9-abcde    1/1     Running            0          5m
orders-7f8b9c6d5-xyz12      0/1     CrashLoopBackOff   4          5m
payments-6d5f7c8b9-fghij    0/1     ImagePullBackOff   0          5m
payments-6d5f7c8b9-klmno    0/1     ImagePullBackOff   0          5m
reviews-5b6c7d8f9-12345     1/1     Running            0          5m
search-8c7d6e5f4-54321      0/1     Pending            0          5m`;
const services = `NAME       TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE
checkout   ClusterIP   10.96.1.1    <none>        80/TCP    5m
reviews    ClusterIP   10.96.1.2    <none>        80/TCP    5m`;
const slices = `NAME             ADDRESSTYPE   PORTS     ENDPOINTS    AGE
checkout-vw9xz   IPv4          8080      10.244.0.5   5m
reviews-kq2lm    IPv4          <unset>   <unset>      5m`;

/** What the tools say, by tool and what they were asked about. */
const cluster: Record<string, string> = {
  'k8s_get Pod': pods,
  'k8s_get Service': services,
  'k8s_get EndpointSlice': slices,
  'k8s_logs orders-7f8b9c6d5-xyz12':
    '2026-11-24T08:00:00Z starting\n2026-11-24T08:00:01Z FATAL DATABASE_URL is not set',
  'k8s_describe payments-6d5f7c8b9-fghij':
    '    Image:  registry.shop.example/payments:2.7.0-hotfix\nEvents:\n  Warning  Failed  2m  kubelet  Failed to pull image "registry.shop.example/payments:2.7.0-hotfix": not found',
  'k8s_describe search-8c7d6e5f4-54321':
    "  Warning  FailedScheduling  3m  default-scheduler  0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available",
  'k8s_describe reviews': 'Name: reviews\nSelector:  app.kubernetes.io/name=review',
};

function toMessages(answer: Answer, told: (tool: string, about: string) => string): ChatMessage[] {
  const calls = (answer.calls ?? []).map((call, index) => ({ ...call, id: `${Math.random()}.${index}` }));
  return [
    {
      role: 'assistant',
      content: answer.text ?? '',
      tool_calls: calls.map(({ id, tool, args }) => ({
        id,
        type: 'function',
        function: { name: tool, arguments: JSON.stringify(args) },
      })),
    },
    ...calls.map(({ id, tool, args }): ChatMessage => {
      const { name, kind } = args as { name?: string; kind?: string };
      return { role: 'tool', tool_call_id: id, content: told(tool, name ?? kind ?? '') };
    }),
  ];
}

function finished(tool: string, about: string): string {
  return `status: finished\n<output>\n${cluster[`${tool} ${about}`] ?? 'nothing'}\n</output>`;
}

/** Plays a conversation to its end. */
function talk(said: string, told = finished): Answer[] {
  const messages: ChatMessage[] = [{ role: 'user', content: said }];
  const answers: Answer[] = [];
  for (let round = 0; round < 5; round += 1) {
    const answer = answerByRules({ model: 'rules', messages, tools });
    answers.push(answer);
    if (!answer.calls?.length) break;
    messages.push(...toMessages(answer, told));
  }
  return answers;
}

describe('the rules', () => {
  it('find out what is wrong from what the tools really say', () => {
    const answers = talk('what is wrong in shop?');
    expect(answers).toHaveLength(3);
    expect(answers[0]?.calls?.map((call) => call.tool)).toEqual([...Array<string>(4).fill('k8s_get'), 'k8s_events']);
    const text = answers.at(-1)?.text ?? '';
    expect(text).toContain('Four things are wrong');
    expect(text).toContain('registry.shop.example/payments:2.7.0-hotfix');
    expect(text).toContain('> FATAL DATABASE_URL is not set');
    expect(text).toContain("> 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.");
    expect(text).toContain('`app.kubernetes.io/name=review`');
    expect(text).not.toContain('`checkout`');
  });

  it.each([
    ['scale checkout to 3', 'k8s_scale', { kind: 'Deployment', name: 'checkout', namespace: 'shop', replicas: 3 }],
    [
      'Scale the checkout deployment down to 1 in staging',
      'k8s_scale',
      { name: 'checkout', namespace: 'staging', replicas: 1 },
    ],
    ['run 5 replicas of checkout', 'k8s_scale', { name: 'checkout', replicas: 5 }],
    ['please restart checkout', 'k8s_rollout_restart', { kind: 'Deployment', name: 'checkout', namespace: 'shop' }],
    [
      'set the image of checkout to registry.shop.example/checkout:1.5.0-RC1.',
      'k8s_set_image',
      { kind: 'Deployment', name: 'checkout', namespace: 'shop', image: 'registry.shop.example/checkout:1.5.0-RC1' },
    ],
    [
      'deploy payments:2.7.0 to the deployment payments in staging',
      'k8s_set_image',
      { name: 'payments', namespace: 'staging', image: 'payments:2.7.0' },
    ],
    ['delete pod orders-7f8b9c6d5-xyz12', 'k8s_delete', { kind: 'Pod', name: 'orders-7f8b9c6d5-xyz12' }],
    ['please remove the reviews service', 'k8s_delete', { kind: 'Service', name: 'reviews', namespace: 'shop' }],
    ['wait for checkout to be rolled out', 'k8s_wait', { kind: 'Deployment', name: 'checkout', until: 'settled' }],
    ['wait until pod orders-1 is gone', 'k8s_wait', { kind: 'Pod', name: 'orders-1', until: 'gone' }],
    ['show pods in shop', 'k8s_get', { kind: 'Pod', namespace: 'shop' }],
    ['which nodes are there?', 'k8s_get', { kind: 'Node' }],
    ['describe payments', 'k8s_describe', { kind: 'Deployment', name: 'payments', namespace: 'shop' }],
    ['describe the reviews service', 'k8s_describe', { kind: 'Service', name: 'reviews' }],
    ['any warnings in shop?', 'k8s_events', { namespace: 'shop', type: 'Warning' }],
    ['events', 'k8s_events', { namespace: 'shop' }],
    ['is checkout healthy?', 'k8s_rollout_status', { kind: 'Deployment', name: 'checkout', namespace: 'shop' }],
    ['why is orders crashing?', 'k8s_get', { kind: 'Pod', namespace: 'shop' }],
  ])('take “%s” as %s', (said, tool, args) => {
    const call = talk(said)[0]?.calls?.[0];
    expect(call?.tool).toBe(tool);
    expect(call?.args).toMatchObject(args);
  });

  it('look up the pod before they read its log, and point at the telling line', () => {
    const answers = talk('logs of orders');
    expect(answers[1]?.calls?.[0]).toMatchObject({ tool: 'k8s_logs', args: { name: 'orders-7f8b9c6d5-xyz12' } });
    expect(answers[2]?.text).toContain('The telling line: `FATAL DATABASE_URL is not set`');
  });

  it('sum up a write with what was checked after it', () => {
    const told = (): string =>
      'status: finished\n<output>\nscaled from 2 to 3\n</output>\nverification:\n- holds: expected 3 ready; observed 3 ready\n';
    const text = talk('scale checkout to 3', told).at(-1)?.text ?? '';
    expect(text).toContain('**Done:** Deployment `checkout` in `shop` is set to 3.');
    expect(text).toContain('- ✓ expected 3 ready; observed 3 ready');
  });

  it('say who refused and that nothing was changed', () => {
    const told = (): string =>
      'status: refused\nby: ada@example.com\nmessage: ada@example.com refused this change.\nreason: not on a Friday';
    const text = talk('scale checkout to 3', told).at(-1)?.text ?? '';
    expect(text).toContain('“not on a Friday”');
    expect(text).toContain('Nothing was changed in the cluster.');
  });

  it('answer with the very sentence about a cluster that is being prepared', () => {
    const sentence = 'the sandbox is being prepared, about 3 minutes left';
    const told = (): string => `status: failed\ncode: ClusterPreparing\nmessage: ${sentence}`;
    expect(talk('what is wrong in shop?', told).at(-1)?.text).toBe(sentence);
  });

  it('say plainly that they are no model when they do not understand', () => {
    expect(talk('write me a poem about ships')[0]?.text).toContain('no real model');
  });
});
