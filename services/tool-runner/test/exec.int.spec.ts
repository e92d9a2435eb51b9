import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type JsonObject, type Plan, RunStopRequested } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { vectors } from './attacks.ts';
import { type Asked, aWorld, mara, type World } from './a-world.ts';

// Containers have to run, on a machine that may be busy with other suites.
jest.setTimeout(60_000);

let world: World;
let count = 0;
beforeAll(async () => {
  world = await aWorld();
  await world.set('create', core('configmaps', 'settings'), {
    metadata: { name: 'settings' },
    data: { 'app.conf': 'level=info\ndb_password=hunter22\n' },
  });
  await world.set('create', core('secrets', 'keys'), { metadata: { name: 'keys' }, stringData: { key: 'hunter22' } });
});
afterAll(async () => {
  await world.close();
});

const core = (resource: string, name: string) => ({ group: '', resource, name });

/** A running pod of its own. */
async function aPod(): Promise<{ name: string; pod: KubeObject }> {
  count += 1;
  const name = `box-${count}`;
  const pod = await world.runPod(name, {
    containers: [
      {
        name: 'web',
        image: 'registry.example/web:1.0',
        volumeMounts: [
          { name: 'settings', mountPath: '/etc/app' },
          { name: 'keys', mountPath: '/etc/keys/' },
        ],
      },
      { name: 'sidecar', image: 'registry.example/side:1.0' },
    ],
    volumes: [
      { name: 'settings', configMap: { name: 'settings' } },
      { name: 'keys', secret: { secretName: 'keys' } },
    ],
  });
  return { name, pod };
}

const exec = (name: string, command: readonly string[], over: JsonObject = {}) =>
  world.ask('k8s_exec', { name, namespace: world.namespace, command, ...over });
const copy = (name: string, path: string) => world.ask('k8s_copy_from', { name, namespace: world.namespace, path });

async function granted(call: Asked): Promise<Plan> {
  const plan = await call.plan();
  await call.grant(plan);
  return plan;
}

async function result(call: Asked) {
  await granted(call);
  return await call.closed();
}

async function refusalOf(call: Asked) {
  await call.request();
  await call.planRequest();
  const { data } = await call.closed();
  return 'failure' in data ? data.failure : undefined;
}

/** Connections into containers under a grant, by the API server's own audit log. */
async function execsOf(grantId: string): Promise<number> {
  const lines = (await readFile(process.env['SKYFLO_TEST_AUDIT_LOG'] ?? '', 'utf8')).split('\n');
  const mine = lines.filter((line) => line.includes(grantId) && line.includes('/exec?'));
  return new Set(mine.map((line) => (JSON.parse(line) as { auditID: string }).auditID)).size;
}

describe('the plan of a program', () => {
  it('shows every word of it and where it runs, and runs nothing', async () => {
    const { name, pod } = await aPod();
    const call = exec(name, ['echo', 'a b', '--'], { container: 'sidecar' });
    const plan = await call.plan();
    expect(plan).toMatchObject({
      effect: `Run ["echo","a b","--"] in container sidecar of Pod ${world.namespace}/${name}.`,
      risk: { level: 'high' },
      reversible: { possible: false },
      requests: [
        { verb: 'create', subresource: 'exec', object: { uid: pod.metadata.uid }, options: { container: 'sidecar' } },
      ],
      changes: [{ changes: [], before: '', after: expect.stringContaining('- echo\n    - a b\n    - --\n') }],
    });
    await expect(execsOf(call.grantId)).resolves.toBe(0);
  });

  it('is refused for a container that is not there, and for what the cluster depends on', async () => {
    const { name } = await aPod();
    const other = await refusalOf(exec(name, ['true'], { container: 'other' }));
    expect(other).toMatchObject({ code: 'InvalidArguments', message: expect.stringContaining('web, sidecar') });
    expect(await refusalOf(exec(name, []))).toMatchObject({ code: 'InvalidArguments' });
    expect(await refusalOf(exec(name, 'ls -l' as never))).toMatchObject({ code: 'InvalidArguments' });
  });
});

describe('a granted program', () => {
  it('runs once, and tells its masked output and its exit code', async () => {
    const { name } = await aPod();
    const call = exec(name, ['cat', '/etc/app/app.conf', '/nowhere']);
    expect(await result(call)).toMatchObject({
      type: 'tool.finished.v1',
      data: {
        text: 'exit code 1\nlevel=info\ndb_password=***\n--- stderr\ncat: /nowhere: No such file or directory',
        facts: { exitCode: 1 },
      },
    });
    await expect(execsOf(call.grantId)).resolves.toBe(1);
  });

  it('is given its words as they are, whatever a shell would make of them', async () => {
    const { name } = await aPod();
    // What no row can hold does not come so far: the bus takes well-formed text only.
    const words = vectors.filter((word) => word !== '' && word.length <= 4_000 && !word.includes('\u0000'));
    const { data } = await result(exec(name, ['echo', ...words]));
    expect(data).toHaveProperty('text', `exit code 0\n${words.join(' ').trimEnd()}`);
  });

  it('that its container does not have is known not to have run', async () => {
    const { name } = await aPod();
    expect(await result(exec(name, ['bash', '-c', 'true']))).toMatchObject({
      type: 'tool.failed.v1',
      data: { failure: { code: 'NotRun', message: expect.stringContaining('not found in $PATH') } },
    });
  });

  it('is not run in another pod that took the name', async () => {
    const { name } = await aPod();
    const call = exec(name, ['true']);
    const plan = await call.plan();
    await world.remove(core('pods', name));
    await call.grant(plan);
    expect(await call.closed()).toMatchObject({ data: { failure: { code: 'TargetMoved' } } });
    await expect(execsOf(call.grantId)).resolves.toBe(0);
  });

  it('that does not end in time, or is stopped, is uncertain, with what it printed by then', async () => {
    const { name } = await aPod();
    const late = await result(exec(name, ['sleep', '600'], { timeout_s: 1 }));
    expect(late).toMatchObject({ type: 'tool.uncertain.v1', data: { seen: expect.stringContaining('within 1 s') } });
    const call = exec(name, ['sleep', '600']);
    await granted(call);
    await call.heard('tool.started.v1');
    await world.gateway.say(RunStopRequested, { ...call.at, data: { by: { id: mara.id, email: mara.email } } });
    expect(await call.closed()).toMatchObject({ type: 'tool.uncertain.v1' });
  });

  it('that a crash interrupted is never run a second time', async () => {
    const { name, pod } = await aPod();
    const call = exec(name, ['echo', 'once']);
    const plan = await call.plan();
    await world.stop();
    await world.dieAfterWriteAhead(pod, call.grantId);
    await call.grant(plan);
    await world.restart();
    expect(await call.closed()).toMatchObject({ type: 'tool.uncertain.v1' });
    await expect(execsOf(call.grantId)).resolves.toBe(0);
  });
});

describe('a file of a container', () => {
  it('is shown as it is, masked', async () => {
    const { name } = await aPod();
    const call = copy(name, '/etc/app/app.conf');
    expect(await call.plan()).toMatchObject({ risk: { level: 'low' } });
    await call.grant(await call.heard('tool.planned.v1').then(({ data }) => data.plan));
    expect(await call.closed()).toMatchObject({
      data: { text: 'exit code 0\nlevel=info\ndb_password=***', facts: { exitCode: 0 } },
    });
  });

  it('is refused where it is one of a Secret, of the kernel, or no plain path', async () => {
    const { name } = await aPod();
    expect(await refusalOf(copy(name, '/etc/keys/key'))).toMatchObject({ code: 'SecretFile' });
    for (const path of [
      '/proc/1/environ',
      '/var/run/secrets/x',
      '/etc/../proc/1',
      'etc/passwd',
      '/etc//x',
      '/etc/',
      '--help',
    ])
      expect(await refusalOf(copy(name, path))).toMatchObject({ code: 'InvalidArguments' });
  });
});
