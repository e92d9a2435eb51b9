import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { anArgoScene, type Scene } from './argo-scene.ts';

// The controller is the real one, and may have to be built.
jest.setTimeout(120_000);

const canary = { canary: { steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }] } };
let scene: Scene;
beforeAll(async () => {
  scene = await anArgoScene();
}, 1_200_000);
afterAll(async () => {
  await scene.close();
});

const image = (version: string) => [
  { op: 'replace', path: '/spec/template/spec/containers/0/image', value: `registry.example/web:${version}` },
];

/** A canary whose second version waits at its first pause. */
async function aCanaryUnderWay(): Promise<string> {
  const name = await scene.aRollout(canary);
  await scene.edit(name, image('2.0'));
  await expect(scene.status(name, { past_step: 0 })).resolves.toMatchObject({ done: true });
  await expect(scene.status(name)).resolves.toMatchObject({ phase: 'Paused', step: 1 });
  return name;
}

describe('the rollouts of a namespace', () => {
  it('are a list with how far each has come', async () => {
    const name = await aCanaryUnderWay();
    const { text, facts } = await scene.read('argo_get', { namespace: scene.namespace });
    expect(text).toMatch(/^NAME +STRATEGY +STATUS +STEP +WEIGHT +DESIRED +CURRENT +UPDATED +AVAILABLE +AGE\n/);
    expect(text).toMatch(new RegExp(`\\n?${name} +Canary +Paused +1/4 +25 +4 +4 +1 +4 `));
    expect(facts?.['count']).toBeGreaterThan(0);
  });

  it('are each a tree of steps, versions and pods, and the same for the console', async () => {
    const name = await aCanaryUnderWay();
    const { text, rollout } = await scene.read('argo_get', { name, namespace: scene.namespace });
    expect(text).toMatch(/: Paused \(CanaryPauseStep\), canary, 4 of 4 pods available\.\n/);
    expect(text).toContain('At step 2 of 4: pause until promoted. Weight 25%, actual 25%.');
    expect(text).toMatch(
      /\nRevision 2 \(canary\): ReplicaSet \S+, 1 of 1 available, registry\.example\/web:2\.0\n {2}\S+: Running/,
    );
    expect(text).toMatch(/\nRevision 1 \(stable\): ReplicaSet \S+, 3 of 3 available, registry\.example\/web:1\.0\n/);
    expect(rollout).toMatchObject({
      strategy: 'canary',
      weight: 25,
      actualWeight: 25,
      steps: [{ state: 'done' }, { state: 'now' }, { state: 'next' }, { state: 'next' }],
      versions: [{ roles: ['canary'] }, { roles: ['stable'] }],
    });
  });

  it('of the blue-green kind name what is active and what is the preview', async () => {
    const name = 'blue';
    await Promise.all([scene.aService(name), scene.aService(`${name}-preview`)]);
    const strategy = {
      blueGreen: { activeService: name, previewService: `${name}-preview`, autoPromotionEnabled: false },
    };
    const blue = await scene.aRollout(strategy, { replicas: 2 });
    await scene.edit(blue, image('2.0'));
    await expect(scene.status(blue)).resolves.toMatchObject({ phase: 'Paused' });
    const { text } = await scene.read('argo_get', { name: blue, namespace: scene.namespace });
    expect(text).toMatch(/\nRevision 2 \(preview\): /);
    expect(text).toMatch(/\nRevision 1 \(stable, active\): /);
  });

  it('have a history, and the template of each revision', async () => {
    const name = await aCanaryUnderWay();
    const history = await scene.read('argo_history', { name, namespace: scene.namespace });
    expect(history.text).toMatch(/\n2 \(now\) +\d+s +1 +registry\.example\/web:2\.0/);
    expect(history.text).toMatch(/\n1 +\d+s +3 +registry\.example\/web:1\.0/);
    const { text } = await scene.read('argo_history', { name, namespace: scene.namespace, revision: 1 });
    expect(text).toContain('image: registry.example/web:1.0');
    expect(text).not.toContain('pod-template-hash');
  });

  it('are followed only while they go on by themselves', async () => {
    const name = await aCanaryUnderWay();
    await expect(scene.status(name, { timeout_s: 60 })).resolves.toMatchObject({ done: false, paused: true });
    const { data } = await scene.world.ask('argo_status', { name: 'nobody', namespace: scene.namespace }).read();
    expect(data).toMatchObject({ failure: { code: 'NotFound' } });
  });
});

describe('analyses and experiments', () => {
  let metric: Server;
  let value = '{"errors": 0}';
  beforeAll(async () => {
    metric = createServer((_, response) => response.setHeader('content-type', 'application/json').end(value));
    metric.listen(0, '127.0.0.1');
    await once(metric, 'listening');
  });
  afterAll(() => {
    metric.close();
  });

  /** Measures the server of this test, again and again. */
  async function anAnalysis(name: string): Promise<void> {
    const url = `http://127.0.0.1:${(metric.address() as AddressInfo).port}/`;
    const web = { url, jsonPath: '{$.errors}' };
    const metrics = [{ name: 'errors', interval: '1s', successCondition: 'result < 1', provider: { web } }];
    await scene.create('AnalysisRun', name, { metadata: { name }, spec: { metrics } });
  }
  const analysis = (name: string) => scene.read('argo_get', { kind: 'analysisrun', name, namespace: scene.namespace });

  it('tell what was measured and what is wanted', async () => {
    value = '{"errors": 3}';
    await anAnalysis('failing');
    await until(async () => (await analysis('failing')).facts?.['phase'] === 'Failed');
    const { text } = await analysis('failing');
    expect(text).toMatch(/^AnalysisRun failing: Failed /);
    expect(text).toMatch(/\n {2}metric errors: Failed.*, 1 failed, last \[?3\]?, wants result < 1/);
    const list = await scene.read('argo_get', { kind: 'analysisrun', namespace: scene.namespace });
    expect(list.text).toMatch(/\n?failing +Failed +- +\d+s/);
  });

  it('of an experiment are told with its versions', async () => {
    const template = (app: string) => ({
      metadata: { labels: { app } },
      spec: { containers: [{ name: 'web', image: 'registry.example/web:2.0' }] },
    });
    const templates = [
      { name: 'new', replicas: 1, selector: { matchLabels: { app: 'exp' } }, template: template('exp') },
    ];
    await scene.create('Experiment', 'trial', { metadata: { name: 'trial' }, spec: { templates } });
    const trial = () => scene.read('argo_get', { kind: 'experiment', name: 'trial', namespace: scene.namespace });
    await until(async () => (await trial()).facts?.['phase'] === 'Running');
    expect((await trial()).text).toContain('\n  version new: Running, 1 of 1 pods available');
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 200));
}
