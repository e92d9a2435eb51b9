import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, Plan } from '@skyflo/contracts';
import { startArgoRollouts } from '@skyflo/local/argo';
import { type Asked, aWorld } from './a-world.ts';

export type Scene = Awaited<ReturnType<typeof anArgoScene>>;
const group = 'argoproj.io';
const version = 'v1alpha1';
const rollouts = { group, version, resource: 'rollouts' };

/** A world with the real controller of Argo Rollouts, which looks after its namespace only. */
export async function anArgoScene() {
  const world = await aWorld();
  const dir = await mkdtemp(join(tmpdir(), 'skyflo-argo-'));
  const kubeconfig = process.env['SKYFLO_TEST_KUBECONFIG'] ?? '';
  const binDir = process.env['SKYFLO_BIN_DIR'];
  const { namespace } = world;
  const argo = await startArgoRollouts({ kubeconfig, dir, namespace, seed: false, binaries: { binDir } });
  let count = 0;
  /** Of custom resources the API server wants to be told the kind. */
  const create = (kind: string, name: string, object: object) =>
    world.set(
      'create',
      { group, version, resource: `${kind.toLowerCase()}s`, name },
      { apiVersion: `${group}/${version}`, kind, ...object },
    );
  const status = async (name: string, until: JsonObject = {}) => {
    const { type, data } = await world.ask('argo_status', { name, namespace, timeout_s: 60, ...until }).read();
    if (type !== 'tool.finished.v1') throw new Error(JSON.stringify(data));
    return data.facts ?? {};
  };
  return {
    world,
    namespace,
    create,
    status,
    /** A rollout whose first version is stable. */
    async aRollout(strategy: object, spec: object = {}): Promise<string> {
      count += 1;
      const name = `web-${count}`;
      const labels = { app: name, family: 'web' };
      const template = {
        metadata: { labels },
        spec: { containers: [{ name: 'web', image: 'registry.example/web:1.0' }] },
      };
      const metadata = { name, labels };
      const selector = { matchLabels: { app: name } };
      await create('Rollout', name, { metadata, spec: { replicas: 4, selector, template, strategy, ...spec } });
      const facts = await status(name);
      if (facts['done'] !== true) throw new Error(`${name} is not healthy: ${JSON.stringify(facts)}`);
      return name;
    },
    /** Its controller has it select the pods of one version. */
    aService: (name: string) =>
      world.set(
        'create',
        { group: '', resource: 'services', name },
        { metadata: { name }, spec: { selector: { family: 'web' }, ports: [{ port: 80 }] } },
      ),
    edit: (name: string, patch: object) => world.set('patch', { ...rollouts, name }, patch),
    /** As somebody with kubectl's plugin does. */
    editStatus: (name: string, patch: object) =>
      world.set('patch', { ...rollouts, name, subresource: 'status' }, patch),
    rollout: (name: string) => world.object('rollouts.argoproj.io', name),
    async read(tool: string, args: JsonObject) {
      const { type, data } = await world.ask(tool, args).read();
      if (type !== 'tool.finished.v1') throw new Error(JSON.stringify(data));
      return data;
    },
    /** From the request over plan and approval to its end. */
    async change(tool: string, args: JsonObject): Promise<{ plan: Plan; call: Asked; text: string }> {
      const call = world.ask(tool, { namespace, ...args });
      const plan = await call.plan();
      await call.grant(plan);
      const { type, data } = await call.closed();
      if (type !== 'tool.finished.v1') throw new Error(JSON.stringify(data));
      for (const check of data.checks ?? []) {
        const observed = await world.ask(check.tool, check.args).read();
        if (observed.type !== 'tool.finished.v1') throw new Error(JSON.stringify(observed.data));
        for (const [fact, value] of Object.entries(check.facts)) {
          const seen = observed.data.facts?.[fact];
          if (JSON.stringify(seen) !== JSON.stringify(value))
            throw new Error(`${check.expected}: ${fact} is ${JSON.stringify(seen)}; ${observed.data.text}`);
        }
      }
      return { plan, call, text: data.text };
    },
    /** The code it was refused with before anybody was asked. */
    async refusal(tool: string, args: JsonObject): Promise<string> {
      const call = world.ask(tool, { namespace, ...args });
      await call.request();
      await call.planRequest();
      const { data } = await call.closed();
      return 'failure' in data ? data.failure.code : JSON.stringify(data);
    },
    async close() {
      await argo.stop();
      await world.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
