import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FindTools, RunStopRequested } from '@skyflo/contracts';
import { aWorld, mara, type World } from './a-world.ts';

// Pods have to become ready on a machine that may be busy with other suites.
jest.setTimeout(30_000);

let world: World;
beforeAll(async () => {
  world = await aWorld();
  await world.createDeployment('web');
  await world.set(
    'create',
    { group: '', resource: 'secrets', name: 'db' },
    { metadata: { name: 'db' }, stringData: { password: 'hunter22' } },
  );
});
afterAll(async () => {
  await world.close();
});

describe('a read', () => {
  it('is answered once request and leave are both there, in whatever order', async () => {
    const { namespace } = world;
    const call = world.ask('k8s_get', { kind: 'deploy', namespace });
    await call.pass();
    await call.request();
    const { type, data } = await call.closed();
    expect(type).toBe('tool.finished.v1');
    expect(data).toMatchObject({ callId: call.callId, truncated: false, facts: { count: 1 } });
    expect(data).toHaveProperty('text', expect.stringMatching(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb /));
  });

  it('is not done without the leave of the gate', async () => {
    const call = world.ask('k8s_get', { kind: 'deploy', namespace: world.namespace });
    await call.request();
    const other = world.ask('k8s_get', { kind: 'deploy', namespace: world.namespace });
    await other.read();
    await expect(world.sql('select due from calls where call_id = $1', [call.callId])).resolves.toEqual([
      { due: null },
    ]);
  });

  it('gives picked fields as facts', async () => {
    const fields = ['.spec.replicas', '.spec.template.spec.containers[*].image', '.spec.nothing'];
    const { data } = await world
      .ask('k8s_get', { kind: 'Deployment', name: 'web', namespace: world.namespace, fields })
      .read();
    expect(data).toHaveProperty('facts', {
      '.spec.replicas': 2,
      '.spec.template.spec.containers[*].image': ['registry.example/web:1.0'],
      '.spec.nothing': null,
    });
  });

  it('never shows a secret', async () => {
    const { namespace } = world;
    const calls = [
      world.ask('k8s_get', { kind: 'secret', name: 'db', namespace }),
      world.ask('k8s_get', { kind: 'secrets', namespace, fields: ['.data.password'] }),
      world.ask('k8s_describe', { kind: 'secret', name: 'db', namespace }),
      world.ask('k8s_describe', { kind: 'deployment', name: 'web', namespace }),
      world.ask('k8s_get', { kind: 'pods', namespace, fields: ['.spec.containers[*].env'] }),
    ];
    for (const call of calls) {
      const { type, data } = await call.read();
      expect(type).toBe('tool.finished.v1');
      expect(JSON.stringify(data)).not.toMatch(/hunter22|aHVudGVyMjI|tok-abcdef/);
    }
    const { data } = (await calls[0]?.closed()) ?? {};
    expect(data).toHaveProperty('text', expect.stringContaining('password: "*** (8 bytes)"'));
  });

  it('describes a workload with its pods, and waits for a rollout without failing', async () => {
    const { namespace } = world;
    const target = { kind: 'Deployment', name: 'web', namespace };
    const status = await world.ask('k8s_rollout_status', { ...target, timeout_s: 30 }).read();
    expect(status.data).toMatchObject({ facts: { done: true, wanted: 2, ready: 2 } });
    const described = await world.ask('k8s_describe', target).read();
    expect(described.data).toHaveProperty(
      'text',
      expect.stringMatching(/## Pods \(app=web\)\nweb-\w+-\w+: Running, 1\/1 ready/),
    );
    const events = await world.ask('k8s_events', { namespace, kind: 'deploy', name: 'web' }).read();
    expect(events.data).toHaveProperty('text', expect.stringContaining('ScalingReplicaSet'));
  });

  it('reads the logs of a workload, or says why there are none', async () => {
    const { data } = await world
      .ask('k8s_logs', { kind: 'Deployment', name: 'web', namespace: world.namespace })
      .read();
    expect(data).toHaveProperty('text', expect.stringMatching(/## web-\w+-\w+, container web\n/));
  });

  it.each([
    ['an unknown kind', { kind: 'gizmo' }, 'KindUnknown', 'serves no kind "gizmo"'],
    ['a missing object', { kind: 'deploy', name: 'nobody', namespace: 'default' }, 'NotFound', 'not found'],
    [
      'a missing namespace',
      { kind: 'deploy', name: 'web' },
      'InvalidArguments',
      'namespace: Deployment web is in a namespace',
    ],
    [
      'a path as a name',
      { kind: 'deploy', name: '../../nodes', namespace: 'default' },
      'InvalidArguments',
      'name: "../../nodes"',
    ],
    ['a flag as a namespace', { kind: 'deploy', namespace: '--all' }, 'InvalidArguments', 'namespace: "--all"'],
    ['a wrong selector', { kind: 'deploy', label_selector: 'a=b&limit=1' }, 'InvalidArguments', 'label_selector'],
    ['an argument nobody knows', { kind: 'deploy', output: 'wide' }, 'InvalidArguments', 'output'],
  ])('says what is wrong with %s', async (_what, args, code, words) => {
    const { type, data } = await world.ask('k8s_get', args).read();
    expect(type).toBe('tool.failed.v1');
    expect(data).toMatchObject({ failure: { code, message: expect.stringContaining(words) } });
  });

  it('answers that the cluster is being prepared, and that one is missing', async () => {
    const later = await world.ask('k8s_get', { kind: 'pods' }, 'later').read();
    const message = 'The sandbox is being prepared, about 7 minutes left.';
    expect(later.data).toMatchObject({ failure: { code: 'ClusterPreparing', message } });
    const missing = await world.ask('k8s_get', { kind: 'pods' }, 'mars').read();
    expect(missing.data).toMatchObject({ failure: { code: 'ClusterMissing' } });
  });

  it('ends when the run is stopped', async () => {
    await world.createDeployment('stuck', { nodeSelector: { disk: 'none-has-it' } });
    const call = world.ask('k8s_rollout_status', {
      kind: 'Deployment',
      name: 'stuck',
      namespace: world.namespace,
      timeout_s: 60,
    });
    await call.request();
    await call.pass();
    await world.gateway.say(RunStopRequested, { ...call.at, data: { by: { id: mara.id, email: mara.email } } });
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.cancelled.v1' });
  });

  it('is taken up again by the next process', async () => {
    await world.stop();
    const call = world.ask('k8s_get', { kind: 'deploy', namespace: world.namespace });
    await call.request();
    await call.pass();
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
  });
});

describe('the question after tools', () => {
  it('is answered with every tool, its class and arguments, and the clusters as they are', async () => {
    const { tools, clusters } = await world.gateway.bus.ask(FindTools, {});
    expect(Object.fromEntries(tools.map((tool) => [tool.name, tool.class]))).toEqual({
      toolset_load: 'read',
      diagnose: 'read',
      k8s_get: 'read',
      k8s_describe: 'read',
      k8s_logs: 'read',
      k8s_events: 'read',
      k8s_rollout_status: 'read',
      k8s_wait: 'read',
      k8s_cluster_info: 'read',
      k8s_api_resources: 'read',
      k8s_explain: 'read',
      k8s_can_i: 'read',
      k8s_rollout_history: 'read',
      k8s_top: 'read',
      k8s_node_stats: 'read',
      k8s_drain_plan: 'read',
      argo_get: 'read',
      argo_status: 'read',
      argo_history: 'read',
      helm_list: 'read',
      helm_get: 'read',
      helm_search: 'read',
      helm_show: 'read',
      helm_template: 'read',
      helm_repo_list: 'read',
      k8s_diff: 'preview',
      k8s_apply: 'write',
      k8s_patch: 'write',
      k8s_scale: 'write',
      k8s_autoscale: 'write',
      k8s_rollout_restart: 'write',
      k8s_rollout_undo: 'write',
      k8s_rollout_pause: 'write',
      k8s_rollout_resume: 'write',
      k8s_set_image: 'write',
      k8s_set_resources: 'write',
      k8s_set_env: 'write',
      k8s_label: 'write',
      k8s_annotate: 'write',
      k8s_delete: 'write',
      k8s_cordon: 'write',
      k8s_uncordon: 'write',
      k8s_taint: 'write',
      k8s_drain: 'write',
      k8s_run_pod: 'write',
      k8s_job_from_cronjob: 'write',
      k8s_exec: 'write',
      k8s_copy_from: 'write',
      helm_install: 'write',
      helm_upgrade: 'write',
      helm_rollback: 'write',
      helm_uninstall: 'write',
    });
    const scale = tools.find((tool) => tool.name === 'k8s_scale');
    expect(scale?.inputSchema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['name', 'namespace', 'replicas'],
    });
    expect(clusters).toEqual([
      { name: 'sandbox', state: 'ready', guardLevel: 1 },
      { name: 'later', state: 'preparing', message: expect.any(String), minutesLeft: 7, guardLevel: 0 },
      { name: 'foreign', state: 'ready', guardLevel: 0 },
    ]);
  });
});
