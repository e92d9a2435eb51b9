import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { loadIdentity, mintCallerToken } from '@skyflo/bus';
import {
  type AnyEvent,
  type CallerClaims,
  argsDigest,
  callIdOf,
  ConversationId,
  GatePassed,
  GateRefused,
  grantIdOf,
  type JsonObject,
  newId,
  type Person,
  PersonId,
  type Plan,
  planDigest,
  type ServiceName,
  ToolPlanRequested,
  ToolRequested,
} from '@skyflo/contracts';
import {
  accessOf,
  type KubeObject,
  loadKubeconfig,
  openReadClient,
  openWriteClient,
  type WriteRequest,
} from '@skyflo/kube';
import { bootService, type RunningService } from '@skyflo/service-kit';
import { migrate } from '@skyflo/store';
import { aVoice, createTestDatabase, serviceEnv, startTestNats } from '@skyflo/testkit';
import pg from 'pg';
import { migrations } from '../src/adapters/migrations/index.ts';
import { loadConfig } from '../src/config.ts';
import { bound } from '../src/domain/apply-body.ts';
import type { WriteAhead } from '../src/domain/outcome.ts';
import { grantOfMark } from '../src/domain/step.ts';
import { configureHttp } from '../src/http/configure-http.ts';
import { ToolRunnerModule } from '../src/tool-runner.module.ts';

export const mara: Person = { id: PersonId.parse(newId()), email: 'mara@example.org', roles: ['operator'] };
const jonas = { id: PersonId.parse(newId()), email: 'jonas@example.org' };

export type World = Awaited<ReturnType<typeof aWorld>>;
export type Asked = ReturnType<World['ask']>;

/** The tool-runner in this process, on real servers, with a namespace of the real cluster to itself; the test speaks for the others. */
export async function aWorld(settings: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'skyflo-runner-'));
  const [database, nats, cluster] = await Promise.all([createTestDatabase(), startTestNats(), openCluster()]);
  await migrate({ url: database.urlFor('tool-runner'), schema: 'tool-runner', migrations });
  const statusFile = join(folder, 'status.json');
  await writeFile(
    statusFile,
    JSON.stringify({
      state: 'preparing',
      message: 'The sandbox is being prepared, about 7 minutes left.',
      minutesLeft: 7,
    }),
  );
  const contexts = { read: 'runner-read', plan: 'runner-plan', write: 'runner-write', helm: 'runner-helm' };
  const clusters = [
    { name: 'sandbox', kubeconfig: variable('SKYFLO_TEST_RUNNER_KUBECONFIG'), contexts },
    { name: 'later', kubeconfig: join(folder, 'not-yet'), contexts, statusFile },
    { name: 'foreign', kubeconfig: variable('SKYFLO_TEST_KUBECONFIG'), contexts: {} },
  ];
  const env = {
    ...serviceEnv('tool-runner', { database, nats }),
    TOOL_RUNNER_CLUSTERS: JSON.stringify(clusters),
    TOOL_RUNNER_LEDGER_KEY: '5'.repeat(64),
    TOOL_RUNNER_SWEEP_MS: '100',
    TOOL_RUNNER_EVICTION_ROUND_MS: '200',
    TOOL_RUNNER_LEASE_SECONDS: '2',
    TOOL_RUNNER_MCP_PROGRESS_SECONDS: '0.05',
    ...settings,
  };
  const start = () =>
    bootService({
      service: 'tool-runner',
      ownsProcess: false,
      config: loadConfig(env),
      migrations,
      module: ToolRunnerModule,
      http: configureHttp,
    });
  let service: RunningService | undefined = await start();
  const [planner, gate, gateway] = await Promise.all([
    aVoice(nats, 'planner'),
    aVoice(nats, 'gate'),
    aVoice(nats, 'gateway'),
  ]);
  const rows = new pg.Pool({ connectionString: database.urlFor('tool-runner'), max: 2 });
  const stop = async () => {
    await service?.close();
    service = undefined;
  };

  return {
    ...cluster,
    nats,
    gateway,
    stop,
    async restart() {
      await stop();
      service = await start();
    },
    /** The very bytes of a request once more, as a stopped process or a slow network might deliver them. */
    async sendAgain(mark: string) {
      const { rows: found } = await rows.query<{
        request: Omit<WriteRequest, 'body'>;
        body: string;
        write_ahead: WriteAhead | null;
      }>('select request, body, write_ahead from ledger where grant_id = $1', [mark]);
      const [row] = found;
      if (!row) throw new Error(`nothing was planned under ${mark}`);
      const request = { ...row.request, body: row.body };
      const sent = row.write_ahead ? bound(request, row.write_ahead) : request;
      return await cluster.writer.send(sent, { grantId: grantOfMark(mark) });
    },
    /** The rows as a process leaves them that dies right after its write-ahead. */
    async dieAfterWriteAhead(object: KubeObject | undefined, grantId: string) {
      const { uid = '', resourceVersion = '', generation, annotations } = object?.metadata ?? {};
      const previousMark = annotations?.['skyflo.ai/grant'] ?? null;
      const ahead = { uid, resourceVersion, generation, previousMark, bytesSha256: '0'.repeat(64) };
      await rows.query(
        `update ledger set state = 'executing', write_ahead = $2, sends = 1, last_sent_at = now() where grant_id = $1`,
        [grantId, JSON.stringify(ahead)],
      );
    },
    sql: async <T>(text: string, params: readonly unknown[] = []): Promise<T[]> =>
      (await rows.query(text, [...params])).rows as T[],
    get url() {
      return `http://127.0.0.1:${service?.port}/mcp`;
    },
    heardIn: (conversationId: string) => hear(gateway, conversationId),
    /** What the gateway sends along with somebody's request, unless another service makes it up. */
    token(
      conversationId: string,
      { by = 'gateway', audience = 'tool-runner', at = new Date(), claims: more = {} }: TokenOptions = {},
    ) {
      const identity = loadIdentity({ service: by, signingKey: nats.signingKeys[by] });
      const standing = ConversationId.parse(conversationId);
      const claims = { person: mara, conversationId: standing, clientId: 'a-session', ...more };
      return mintCallerToken(identity, { claims, audience, now: at });
    },
    /** The gate's and an approver's part in a call that somebody else requested. */
    gateFor: (requested: ToolRequested) => aGate(gate, requested),
    ask: (tool: string, args: JsonObject, name = 'sandbox') =>
      aCall({ planner, gate, gateway }, { tool, args, cluster: name }),
    async close() {
      await stop();
      await Promise.all([planner, gate, gateway].map((voice) => voice.close()));
      await Promise.all([rows.end(), cluster.closeCluster()]);
      await Promise.all([database.drop(), nats.stop(), rm(folder, { recursive: true })]);
    },
  };
}

type TokenOptions = {
  readonly by?: ServiceName;
  readonly audience?: ServiceName;
  readonly at?: Date;
  readonly claims?: Partial<CallerClaims>;
};
type Voices = { readonly [name in 'planner' | 'gate' | 'gateway']: Awaited<ReturnType<typeof aVoice>> };

/** One call of a run of its own, and what planner and gate say about it. */
function aCall({ planner, gate, gateway }: Voices, call: { tool: string; args: JsonObject; cluster: string }) {
  const at = { conversationId: newId(), runId: newId() };
  const callId = callIdOf(at.runId, 1, 0);
  const grantId = grantIdOf(callId, 1);
  const about = { callId, tool: call.tool, argsDigest: argsDigest(call.args), cluster: call.cluster };
  const heard = hear(gateway, at.conversationId);
  const expiresAt = () => new Date(Date.now() + 60_000).toISOString();
  return {
    at,
    callId,
    grantId,
    heard,
    request: () =>
      planner.say(ToolRequested, {
        ...at,
        data: {
          callId,
          tool: call.tool,
          args: call.args as ToolRequested['data']['args'],
          requestedBy: mara,
          purpose: 'model',
          afterUntrustedText: false,
        },
      }),
    pass: (over: object = {}) =>
      gate.say(GatePassed, {
        ...at,
        data: { ...about, class: 'read', policy: 'readsPass', expiresAt: expiresAt(), ...over },
      }),
    /** A read from question to answer. */
    async read() {
      await this.request();
      await this.pass();
      return await this.closed();
    },
    async plan(): Promise<Plan> {
      await this.request();
      await gate.say(ToolPlanRequested, { ...at, data: { ...about, revision: 1, grantId } });
      return (await heard('tool.planned.v1')).data.plan;
    },
    planRequest: () => gate.say(ToolPlanRequested, { ...at, data: { ...about, revision: 1, grantId } }),
    grant: (plan: Plan, over: object = {}, head: object = {}) =>
      gate.say(GatePassed, {
        ...at,
        data: {
          ...about,
          class: 'write',
          policy: 'writesNeedAnApprover',
          expiresAt: expiresAt(),
          grant: {
            grantId,
            planDigest: planDigest(plan),
            targets: plan.requests.map(({ verb, object }) => ({ verb, object })),
            approvers: [jonas],
            ...over,
          },
          ...head,
        },
      }),
    refuse: (data: GateRefused['data']) => gate.say(GateRefused, { ...at, data }),
    closed: () => heard('tool.finished.v1', 'tool.failed.v1', 'tool.cancelled.v1', 'tool.uncertain.v1'),
  };
}

/** What the gate says about a call of an MCP client. */
function aGate(gate: Voices['gate'], { conversationid = '', runid = '', data }: ToolRequested) {
  const { callId, tool, args } = data;
  const at = { conversationId: conversationid, runId: runid };
  const grantId = grantIdOf(callId, 1);
  const about = { callId, tool, argsDigest: argsDigest(args), cluster: 'sandbox' };
  const expiresAt = () => new Date(Date.now() + 60_000).toISOString();
  return {
    at,
    grantId,
    pass: () =>
      gate.say(GatePassed, { ...at, data: { ...about, class: 'read', policy: 'readsPass', expiresAt: expiresAt() } }),
    planRequest: () => gate.say(ToolPlanRequested, { ...at, data: { ...about, revision: 1, grantId } }),
    grant: (plan: Plan) =>
      gate.say(GatePassed, {
        ...at,
        data: {
          ...about,
          class: 'write',
          policy: 'writesNeedAnApprover',
          expiresAt: expiresAt(),
          grant: {
            grantId,
            planDigest: planDigest(plan),
            targets: plan.requests.map(({ verb, object }) => ({ verb, object })),
            approvers: [jonas],
          },
        },
      }),
    refuse: (why: GateRefused['data']['why'], message: string) =>
      gate.say(GateRefused, { ...at, data: { callId, why, message } }),
  };
}

type EventNamed<T> = Extract<AnyEvent, { type: T }>;

/** Waits for the first event of one of the types in the conversation, from its beginning. */
function hear({ bus }: Voices['gateway'], conversationId: string) {
  return async <T extends AnyEvent['type']>(...types: readonly T[]): Promise<EventNamed<T>> => {
    const stopping = new AbortController();
    for await (const item of bus.follow(conversationId, { signal: stopping.signal })) {
      if (item.kind !== 'event' || !types.some((type) => type === item.event.type)) continue;
      stopping.abort();
      return item.event as EventNamed<T>;
    }
    throw new Error('the conversation ended');
  };
}

/** A namespace of the real cluster, and an admin who sets the scene in it. */
export async function openCluster() {
  const admin = await accessOf(await loadKubeconfig(variable('SKYFLO_TEST_KUBECONFIG')));
  const runner = await accessOf(await loadKubeconfig(variable('SKYFLO_TEST_RUNNER_KUBECONFIG')), 'runner-write');
  const read = openReadClient(admin);
  const setter = openWriteClient(admin, { impersonateSelf: false });
  const writer = openWriteClient(runner, { impersonateSelf: true });
  const namespace = `runner-${randomBytes(4).toString('hex')}`;
  const set = async (
    verb: 'create' | 'patch' | 'delete',
    {
      subresource,
      ...target
    }: { group: string; version?: string; resource: string; name: string; subresource?: string },
    body: object,
  ) => {
    const scope = ['namespaces', 'nodes'].includes(target.resource) ? undefined : namespace;
    const whole = { version: 'v1', ...target, namespace: scope };
    const answer = await setter.send(
      { verb, target: whole, subresource, body: JSON.stringify(body), options: {} },
      { grantId: 'set-up' },
    );
    if ('failure' in answer) throw answer.failure;
    return answer.kind === 'accepted' ? answer.object : undefined;
  };
  const setObject = async (...asked: Parameters<typeof set>) => {
    const object = await set(...asked);
    if (!object) throw new Error('there is no object any more');
    return object;
  };
  const ownedBy = async (kind: string, app: string) => {
    const type = await read.discovery.resolve(kind);
    return (await read.list(type, { namespace, limit: 100, labelSelector: `app=${app}` })).items;
  };
  await set('create', { group: '', resource: 'namespaces', name: namespace }, { metadata: { name: namespace } });
  return {
    namespace,
    writer,
    set: setObject,
    /** As an admin deletes: whatever has the name now. */
    remove: (target: { group: string; resource: string; name: string }) =>
      set('delete', target, { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' }),
    async object(kind: string, name: string): Promise<KubeObject> {
      const type = await read.discovery.resolve(kind);
      return await read.get(type, { namespace: type.namespaced ? namespace : undefined, name });
    },
    async deployment(name: string): Promise<KubeObject> {
      return await read.get(await read.discovery.resolve('deploy'), { namespace, name });
    },
    replicaSetsOf: (name: string) => ownedBy('rs', name),
    podsOf: (name: string) => ownedBy('pods', name),
    /** A pod of its own, once it runs. */
    async runPod(name: string, spec: object = {}): Promise<KubeObject> {
      const containers = [{ name: 'web', image: 'registry.example/web:1.0' }];
      await setObject(
        'create',
        { group: '', resource: 'pods', name },
        { metadata: { name }, spec: { containers, ...spec } },
      );
      const type = await read.discovery.resolve('pods');
      for (;;) {
        const pod = await read.get(type, { namespace, name });
        if (JSON.stringify(pod['status'] ?? {}).includes('"running"')) return pod;
        await sleep(100);
      }
    },
    createDeployment: (name: string, pod: object = {}) =>
      setObject('create', { group: 'apps', resource: 'deployments', name }, aDeployment(name, 2, pod)),
    /** Real writes that the API server accepted under a grant, by its own audit log. */
    async writesOf(grantId: string) {
      const lines = (await readFile(variable('SKYFLO_TEST_AUDIT_LOG'), 'utf8'))
        .split('\n')
        .filter((line) => line.includes(grantId));
      return lines
        .map((line) => JSON.parse(line) as { verb: string; requestURI: string; responseStatus?: { code: number } })
        .filter(
          ({ verb, requestURI, responseStatus }) =>
            verb !== 'get' &&
            !requestURI.includes('dryRun') &&
            (responseStatus?.code === 200 || responseStatus?.code === 201),
        );
    },
    /** How many objects the API server made under a grant, by its own audit log. */
    async createsOf(grantId: string): Promise<number> {
      const lines = (await readFile(variable('SKYFLO_TEST_AUDIT_LOG'), 'utf8')).split('\n');
      return lines
        .filter((line) => line.includes(grantId) && !line.includes('dryRun='))
        .map((line) => JSON.parse(line) as { verb: string; responseStatus?: { code: number } })
        .filter(({ verb, responseStatus }) => verb === 'create' && responseStatus?.code === 201).length;
    },
    closeCluster: () => Promise.all([read.close(), setter.close(), writer.close()]),
  };
}

function aDeployment(name: string, replicas: number, pod: object) {
  const labels = { app: name };
  const env = [
    { name: 'API_TOKEN', value: 'tok-abcdef-123' },
    { name: 'DB', value: 'postgres://shop:hunter22@db/shop' },
  ];
  return {
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'web', image: 'registry.example/web:1.0', env }], ...pod },
      },
    },
  };
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this suite through Jest's int project`);
  return value;
}
