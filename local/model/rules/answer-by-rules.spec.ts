import { describe, expect, it } from '@jest/globals';
import { type Answer, type ChatMessage, ChatTool } from '../protocol.ts';
import { answerByRules } from './answer-by-rules.ts';

const names = [
  'diagnose',
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
  'k8s_drain_plan',
  'k8s_drain',
  'k8s_job_from_cronjob',
  'argo_get',
  'argo_status',
  'argo_history',
  'argo_promote',
  'argo_abort',
  'argo_retry',
  'argo_pause',
  'argo_restart',
  'argo_set_image',
];
const properties = {
  kind: {},
  name: {},
  namespace: {},
  replicas: {},
  tail: {},
  type: {},
  image: {},
  until: {},
  workload: {},
  container: {},
  evict_unmanaged: {},
  evict_local_data: {},
  full: {},
};
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
const report = `shop: 4 findings (4 critical). Read 7 pods, 6 workloads, 6 Services.
Objects and calls below are in namespace shop; pass it along.
1. critical ImagePull Deployment/payments: The image registry.shop.example/payments:2.7.0-hotfix cannot be pulled, so 2 of 2 pods cannot start.
   says: Failed to pull image "registry.shop.example/payments:2.7.0-hotfix": not found
   also: Service/payments
   next: k8s_set_image kind=Deployment name=payments container=payments image=<ask for it>
2. critical CrashLoop Deployment/orders: Container orders fails (exit code 1) after every start: its only pod, 4 restarts.
   says: FATAL DATABASE_URL is not set
   next: k8s_logs kind=Pod name=orders-7f8b9c6d5-xyz12 container=orders previous=true
3. critical Unschedulable Deployment/search: No node takes its only pod: it wants nodes with disktype=nvme, but nodes have disktype=ssd, hdd.
   next: k8s_get kind=Node fields=[".metadata.labels",".spec.unschedulable"]
4. critical ServiceWithoutEndpoints Service/reviews: It has no endpoints: it selects app=review, and no pod has that; the pods of Deployment reviews have app=reviews.
   next: k8s_describe kind=Service name=reviews`;

const rollouts = `NAMESPACE   NAME  STRATEGY   STATUS  STEP  WEIGHT
storefront  web   Canary     Paused  1/6   25
storefront  api   BlueGreen  Paused  -     -
other       api   Canary     Paused  1/2   10`;

/** What the tools say, by tool and what they were asked about. */
const cluster: Record<string, string> = {
  'k8s_get Pod': pods,
  'argo_get rollout': rollouts,
  'diagnose shop': report,
  'diagnose payments': report.split('\n').slice(0, 6).join('\n'),
  'diagnose reviews': report.split('\n').slice(0, 2).concat(report.split('\n').slice(-2)).join('\n'),
  'diagnose web': 'shop: nothing is wrong as far as can be seen. Read 7 pods.',
  'k8s_drain_plan node-a': 'Node node-a would be cordoned first.\n\nWould be evicted (1):\n  shop/web-1',
  'k8s_drain_plan node-b':
    'Would be evicted (0)\n\nIn the way, so a drain is refused (1):\n  shop/bare: nobody makes it anew',
  'k8s_drain node-a': 'Done, as approved: Node node-a is cordoned. 1 pod left.',
  'k8s_set_image payments': 'Set the image of Deployment shop/payments.',
  'k8s_logs orders-7f8b9c6d5-xyz12':
    '2026-11-24T08:00:00Z starting\n2026-11-24T08:00:01Z FATAL DATABASE_URL is not set',
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
      const { workload, name, kind, namespace } = args as Record<string, string | undefined>;
      return { role: 'tool', tool_call_id: id, content: told(tool, workload ?? name ?? kind ?? namespace ?? '') };
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
    expect(answers).toHaveLength(2);
    expect(answers[0]?.calls).toEqual([{ tool: 'diagnose', args: { namespace: 'shop' } }]);
    const text = answers.at(-1)?.text ?? '';
    expect(text).toContain('Four things are wrong in `shop`');
    expect(text).toContain('### Deployment `payments`: the image cannot be pulled');
    expect(text).toContain('> FATAL DATABASE_URL is not set');
    expect(text).toContain('nodes have disktype=ssd, hdd');
    expect(text).toContain('the pods of Deployment reviews have app=reviews');
    expect(text).not.toContain('`checkout`');
  });

  it('point at what helps next, in words they understand', () => {
    const text = talk('what is wrong in shop?').at(-1)?.text ?? '';
    const said = [...text.matchAll(/say “([^”…]+)”/g)].map(([, words = '']) => words);
    expect(said).toEqual(['fix payments', 'logs of orders-7f8b9c6d5-xyz12', 'show nodes', 'describe service reviews']);
    for (const words of said) expect(talk(words)[0]?.calls).toHaveLength(1);
  });

  it('look again before they propose a repair, and say what is a guess', () => {
    const [look, proposal, sum] = talk('fix payments');
    expect(look?.calls).toEqual([{ tool: 'diagnose', args: { namespace: 'shop', workload: 'payments' } }]);
    expect(proposal?.calls?.[0]).toMatchObject({
      tool: 'k8s_set_image',
      args: {
        kind: 'Deployment',
        name: 'payments',
        container: 'payments',
        image: 'registry.shop.example/payments:2.7.0',
      },
    });
    expect(proposal?.text).toContain('I cannot look into the registry');
    expect(sum?.text).toContain('**Done:**');
  });

  it('take “it” for what was asked about before', () => {
    const earlier: ChatMessage[] = [{ role: 'user', content: 'what is wrong in staging?' }];
    const messages: ChatMessage[] = [...earlier, { role: 'user', content: 'fix it' }];
    const { calls } = answerByRules({ model: 'rules', messages, tools });
    expect(calls).toEqual([{ tool: 'diagnose', args: { namespace: 'staging' } }]);
  });

  it('change nothing where they know no repair, or nothing is wrong', () => {
    const known = talk('fix reviews').at(-1);
    expect(known?.calls).toBeUndefined();
    expect(known?.text).toContain('I know no repair');
    expect(talk('fix web').at(-1)?.text).toContain('nothing to repair');
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
    ['run the job of cronjob nightly now', 'k8s_job_from_cronjob', { name: 'nightly', namespace: 'shop' }],
    ['trigger the nightly cronjob in staging', 'k8s_job_from_cronjob', { name: 'nightly', namespace: 'staging' }],
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
    ['why is orders crashing?', 'diagnose', { namespace: 'shop', workload: 'orders' }],
  ])('take “%s” as %s', (said, tool, args) => {
    const call = talk(said)[0]?.calls?.[0];
    expect(call?.tool).toBe(tool);
    expect(call?.args).toMatchObject(args);
  });

  it('load the toolset of a tool that they lack, once, and then go on with it', () => {
    const few = tools.filter(({ function: { name } }) => name !== 'k8s_wait');
    const loader = ChatTool.parse({ type: 'function', function: { name: 'toolset_load' } });
    const messages: ChatMessage[] = [{ role: 'user', content: 'wait until pod orders-1 is gone' }];
    const load = answerByRules({ model: 'rules', messages, tools: [...few, loader] });
    expect(load.calls).toEqual([{ tool: 'toolset_load', args: { toolset: 'rollout' } }]);
    messages.push(...toMessages(load, () => 'status: finished\n<output>\nLoaded rollout.\n</output>'));
    const then = answerByRules({ model: 'rules', messages, tools: [...tools, loader] });
    expect(then.calls).toMatchObject([{ tool: 'k8s_wait', args: { name: 'orders-1', until: 'gone' } }]);
    const still = answerByRules({ model: 'rules', messages, tools: [...few, loader] });
    expect(still.calls ?? []).not.toMatchObject([{ tool: 'toolset_load' }]);
  });

  it('look at what a drain would do before they propose it, and propose none that is in the way of pods', () => {
    const [look, proposal, sum] = talk('please drain node-a');
    expect(look?.calls).toEqual([{ tool: 'k8s_drain_plan', args: { name: 'node-a' } }]);
    expect(proposal?.calls).toEqual([{ tool: 'k8s_drain', args: { name: 'node-a' } }]);
    expect(sum?.text).toContain('**Done:** node `node-a` is drained.');
    const blocked = talk('drain the node node-b').at(-1);
    expect(blocked?.calls).toBeUndefined();
    expect(blocked?.text).toContain('nobody makes it anew');
    const said = /say “([^”]+)”/.exec(blocked?.text ?? '')?.[1] ?? '';
    expect(talk(said)[0]?.calls?.[0]?.args).toEqual({ name: 'node-b', evict_unmanaged: true, evict_local_data: true });
    const imagined = talk('what would happen if I drained node-a?');
    expect(imagined).toHaveLength(2);
    expect(imagined[1]?.calls).toBeUndefined();
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

describe('the rules about rollouts', () => {
  it.each<[string, string, object]>([
    ['promote the canary of web', 'argo_promote', {}],
    ['promote web', 'argo_promote', {}],
    ['fully promote the canary of web', 'argo_promote', { full: true }],
    ['promote web fully', 'argo_promote', { full: true }],
    ['abort the rollout web', 'argo_abort', {}],
    ['abort web', 'argo_abort', {}],
    ['retry the rollout of web', 'argo_retry', {}],
    ['pause the rollout web', 'argo_pause', {}],
    ['restart the rollout web', 'argo_restart', {}],
    ['set the image of the rollout web to shop/web:12.2-RC', 'argo_set_image', { image: 'shop/web:12.2-RC' }],
    ['show the rollout web', 'argo_get', {}],
    ['status of the canary web', 'argo_status', {}],
    ['history of rollout web', 'argo_history', {}],
  ])('find where it is for “%s”', (said, tool, args) => {
    const [where, deed] = talk(said);
    expect(where?.calls).toEqual([{ tool: 'argo_get', args: { kind: 'rollout' } }]);
    expect(deed?.calls).toEqual([{ tool, args: { name: 'web', namespace: 'storefront', ...args } }]);
  });

  it('take the namespace that was said, and ask where there are several', () => {
    expect(talk('promote api in other')[0]?.calls).toEqual([
      { tool: 'argo_promote', args: { name: 'api', namespace: 'other' } },
    ]);
    expect(talk('promote api').at(-1)?.text).toContain('`storefront`, `other`');
    expect(talk('promote nobody').at(-1)?.text).toContain('no rollout `nobody`');
  });

  it('list what there is', () => {
    expect(talk('show the rollouts')[0]?.calls).toEqual([{ tool: 'argo_get', args: { kind: 'rollout' } }]);
    expect(talk('list experiments in storefront')[0]?.calls).toEqual([
      { tool: 'argo_get', args: { kind: 'experiment', namespace: 'storefront' } },
    ]);
  });

  it('leave the rollouts of Deployments to the other rules', () => {
    expect(talk('restart checkout')[0]?.calls?.[0]?.tool).toBe('k8s_rollout_restart');
    expect(talk('rollout status of checkout')[0]?.calls?.[0]?.tool).toBe('k8s_rollout_status');
  });
});
