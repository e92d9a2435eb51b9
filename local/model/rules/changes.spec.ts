import { describe, expect, it } from '@jest/globals';
import { type ChatMessage, ChatTool } from '../protocol.ts';
import { answerByRules } from './answer-by-rules.ts';

const fields =
  'kind name namespace set unset remove requests limits to_revision min max key value effect type patch of by verb path group replicas image until workload what';
const properties = Object.fromEntries(fields.split(' ').map((field) => [field, {}]));
const names =
  'diagnose k8s_get k8s_describe k8s_logs k8s_events k8s_scale k8s_rollout_restart k8s_rollout_status k8s_set_image k8s_delete k8s_wait k8s_rollout_undo k8s_rollout_pause k8s_rollout_resume k8s_set_resources k8s_set_env k8s_autoscale k8s_patch k8s_label k8s_annotate k8s_cordon k8s_uncordon k8s_taint k8s_top k8s_rollout_history k8s_can_i k8s_explain k8s_api_resources k8s_cluster_info helm_list helm_get';
const tools = names
  .split(' ')
  .map((name) => ChatTool.parse({ type: 'function', function: { name, parameters: { type: 'object', properties } } }));
const said = (text: string, ...since: ChatMessage[]) =>
  answerByRules({ model: 'rules', tools, messages: [{ role: 'user', content: text }, ...since] });
const checkout = { kind: 'Deployment', name: 'checkout', namespace: 'shop' };

describe('the rules about changes', () => {
  it.each<[string, string, object]>([
    ['roll back checkout', 'k8s_rollout_undo', checkout],
    ['Rollback the checkout to revision 3 please', 'k8s_rollout_undo', { ...checkout, to_revision: 3 }],
    [
      'undo the last rollout of statefulset db in staging',
      'k8s_rollout_undo',
      { kind: 'StatefulSet', name: 'db', namespace: 'staging' },
    ],
    ['take checkout back to revision 2', 'k8s_rollout_undo', { ...checkout, to_revision: 2 }],
    ['pause the rollout of checkout', 'k8s_rollout_pause', checkout],
    ['resume checkout', 'k8s_rollout_resume', checkout],
    ['set the memory limit of checkout to 512Mi', 'k8s_set_resources', { ...checkout, limits: { memory: '512Mi' } }],
    ['set the CPU request for checkout to 250m.', 'k8s_set_resources', { ...checkout, requests: { cpu: '250m' } }],
    ['give checkout 1.5Gi of memory', 'k8s_set_resources', { ...checkout, limits: { memory: '1.5Gi' } }],
    ['set LOG_LEVEL=debug on checkout', 'k8s_set_env', { ...checkout, set: { LOG_LEVEL: 'debug' } }],
    ['set the variable LOG_LEVEL of checkout to Debug.', 'k8s_set_env', { ...checkout, set: { LOG_LEVEL: 'Debug' } }],
    ['remove the environment variable LOG_LEVEL from checkout', 'k8s_set_env', { ...checkout, unset: ['LOG_LEVEL'] }],
    [
      'let the autoscaler checkout scale between 2 and 8',
      'k8s_autoscale',
      { name: 'checkout', namespace: 'shop', min: 2, max: 8 },
    ],
    ['set the maximum of the hpa checkout to 12', 'k8s_autoscale', { name: 'checkout', namespace: 'shop', max: 12 }],
    [
      'patch deployment checkout with {"spec": {"minReadySeconds": 5}}',
      'k8s_patch',
      { ...checkout, type: 'strategic', patch: { spec: { minReadySeconds: 5 } } },
    ],
    [
      'merge patch configmap web: {"data": {"Level": null}}',
      'k8s_patch',
      { kind: 'ConfigMap', name: 'web', type: 'merge', patch: { data: { Level: null } } },
    ],
    [
      'patch svc web with [{"op": "remove", "path": "/spec/sessionAffinity"}]',
      'k8s_patch',
      { kind: 'Service', name: 'web', type: 'json' },
    ],
    ['label deployment checkout with team=shop', 'k8s_label', { ...checkout, set: { team: 'shop' } }],
    [
      'annotate service reviews with example.org/owner="Ada Byron"',
      'k8s_annotate',
      { kind: 'Service', name: 'reviews', set: { 'example.org/owner': 'Ada Byron' } },
    ],
    ['remove the label team from node worker-1', 'k8s_label', { kind: 'Node', name: 'worker-1', remove: ['team'] }],
    ['cordon worker-1', 'k8s_cordon', { name: 'worker-1' }],
    ['please uncordon node worker-1', 'k8s_uncordon', { name: 'worker-1' }],
    [
      'taint node worker-1 with gpu=yes:NoSchedule',
      'k8s_taint',
      { name: 'worker-1', key: 'gpu', value: 'yes', effect: 'NoSchedule' },
    ],
    ['taint worker-1 gpu:noexecute-', 'k8s_taint', { name: 'worker-1', key: 'gpu', effect: 'NoExecute', remove: true }],
    ['remove the taint gpu from worker-1', 'k8s_taint', { name: 'worker-1', key: 'gpu', remove: true }],
  ])('take “%s” as %s', (text, tool, args) => {
    const { calls, text: answer } = said(text);
    expect(calls).toHaveLength(1);
    expect(calls?.[0]?.tool).toBe(tool);
    expect(calls?.[0]?.args).toMatchObject(args);
    expect(answer).toContain('Please look at the change');
  });

  it('leave to others what only sounds alike', () => {
    expect(said('scale checkout to 3').calls?.[0]?.tool).toBe('k8s_scale');
    expect(said('can you delete pod orders-1?').calls?.[0]?.tool).toBe('k8s_delete');
    expect(said('delete pod orders-1').calls?.[0]?.tool).toBe('k8s_delete');
    expect(said('history of release web in prod').calls?.[0]?.tool).toBe('helm_get');
    expect(said('roll back release web').calls).toBeUndefined();
    expect(said('patch deployment checkout with {spec: 3}').calls).toBeUndefined();
  });

  it('sum up what was changed', () => {
    const call = {
      id: '1',
      type: 'function' as const,
      function: { name: 'k8s_cordon', arguments: '{"name":"worker-1"}' },
    };
    const content =
      'status: finished\n<output>\nDone, as approved\n</output>\nverification:\n- holds: it is cordoned\n';
    const { text } = said(
      'cordon worker-1',
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', tool_call_id: '1', content },
    );
    expect(text).toMatch(/^\*\*Done:\*\* Node `worker-1` is cordoned\./);
  });
});

describe('the rules that look something up', () => {
  it.each<[string, string, object]>([
    ['top pods', 'k8s_top', { of: 'pods', by: 'cpu', namespace: 'shop' }],
    ['which nodes use the most memory?', 'k8s_top', { of: 'nodes', by: 'memory' }],
    ['memory usage in staging', 'k8s_top', { of: 'pods', by: 'memory', namespace: 'staging' }],
    ['history of checkout', 'k8s_rollout_history', checkout],
    ['show the rollout history of statefulset db', 'k8s_rollout_history', { kind: 'StatefulSet', name: 'db' }],
    ['which revisions does checkout have?', 'k8s_rollout_history', checkout],
    ['can you delete pods in shop?', 'k8s_can_i', { verb: 'delete', kind: 'Pod', namespace: 'shop' }],
    ['may I see secrets in staging', 'k8s_can_i', { verb: 'list', kind: 'Secret', namespace: 'staging' }],
    ['what are you allowed to do in shop?', 'k8s_can_i', { namespace: 'shop' }],
    ['explain deployment', 'k8s_explain', { kind: 'Deployment' }],
    [
      'explain deployment.spec.strategy.rollingUpdate',
      'k8s_explain',
      { kind: 'Deployment', path: 'spec.strategy.rollingUpdate' },
    ],
    ['what does spec.schedule mean in a cronjob?', 'k8s_explain', { kind: 'CronJob', path: 'spec.schedule' }],
    ['which api resources are there?', 'k8s_api_resources', {}],
    ['list resources of the group apps', 'k8s_api_resources', { group: 'apps' }],
    ['cluster info', 'k8s_cluster_info', {}],
    ['which version does this cluster run?', 'k8s_cluster_info', {}],
  ])('take “%s” as %s', (text, tool, args) => {
    const { calls } = said(text);
    expect(calls).toHaveLength(1);
    expect(calls?.[0]).toEqual({ tool, args: expect.objectContaining(args) });
  });
});
