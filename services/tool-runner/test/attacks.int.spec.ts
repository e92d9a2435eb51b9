import { channel } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ensureFailure, type Failure, type JsonObject } from '@skyflo/contracts';
import {
  accessOf,
  loadKubeconfig,
  openPlanClient,
  openReadClient,
  type PlanClient,
  type ReadClient,
  requestChannel,
  type Requesting,
} from '@skyflo/kube';
import { HelmCharts } from '../src/adapters/helm-charts.ts';
import { HelmProgramWriter } from '../src/adapters/helm-writer.ts';
import { partsOf } from '../src/domain/draft.ts';
import { maskObject } from '../src/domain/mask.ts';
import { HelmReleases } from '../src/adapters/helm-releases.ts';
import { maskedReleases } from '../src/domain/helm/masked-releases.ts';
import { maskedView } from '../src/domain/masked-view.ts';
import { requestOf } from '../src/domain/plan.ts';
import { toolDescriptions, tools } from '../src/tools/index.ts';
import { describeTool, type Tool } from '../src/tools/tool.ts';
import { trialsWith } from '../src/work/try-out.ts';
import { openCluster } from './a-world.ts';
import { aCallOf, type Known, placesOf, vectors } from './attacks.ts';

jest.setTimeout(60_000);

const userAgent = 'skyflo-attacked';
const grantId = '01900000-0000-7000-8000-0000000000aa.1.0.1';
/** What names something in the cluster: none of the vectors is a name, so each is refused. */
const identifiers =
  /^(kind|name|namespace|container|cluster|uid|continue|field_selector|fields|group|path|node|workload|manifest|chart|version|keyword)$/;
/** Failures that say what is not there are no refusals: then the text was taken for what it is not. */
const ofTheCluster: ReadonlySet<string> = new Set(['NotFound', 'MetricsMissing', 'ArgoRolloutsMissing', 'HelmMissing']);

/** Without the program: arguments are checked before it is looked for, and none of these may start one. */
const sources = { program: undefined, repositories: [{ name: 'demo', url: 'https://charts.invalid' }] };
const charts = new HelmCharts(sources);

let scene: Awaited<ReturnType<typeof openCluster>>;
let read: ReadClient;
let plan: PlanClient;
let writer: HelmProgramWriter;
let known: Known;
const requests: Requesting[] = [];
const spawned: unknown[] = [];
const listening = { start: (one: object) => void requests.push(one as Requesting) };
const onSpawn = (one: unknown) => void spawned.push(one);

beforeAll(async () => {
  scene = await openCluster();
  const runner = await loadKubeconfig(process.env['SKYFLO_TEST_RUNNER_KUBECONFIG'] ?? '');
  read = openReadClient(await accessOf(runner, 'runner-read'), { userAgent });
  const nobody = await accessOf(runner, 'runner-plan');
  writer = new HelmProgramWriter(sources, { plan: nobody, helm: nobody, isOurs: true });
  plan = openPlanClient(await accessOf(runner, 'runner-plan'), { userAgent });
  await scene.createDeployment('web');
  await scene.runPod('web');
  const [node] = (await read.list(await read.discovery.resolve('nodes'), { limit: 1 })).items;
  known = {
    kind: 'Deployment',
    name: 'web',
    namespace: scene.namespace,
    container: 'web',
    image: 'registry.example/web:2.0',
    verb: 'get',
    manifest: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'of-an-attack' }, data: {} }),
    chart: 'demo/web',
    version: '1.0.0',
    node: node?.metadata.name ?? '',
    set: { team: 'pay' },
    requests: { cpu: '100m' },
    effect: 'NoSchedule',
    max: 3,
  };
  requestChannel.subscribe(listening);
  channel('child_process').subscribe(onSpawn);
});
afterAll(async () => {
  requestChannel.unsubscribe(listening);
  channel('child_process').unsubscribe(onSpawn);
  await Promise.all([read.close(), plan.close(), scene.closeCluster()]);
});

/** The tool as the tool-runner uses it, up to the dry run; undefined where it had nothing against the arguments. */
async function use(tool: Tool, args: JsonObject): Promise<Failure | undefined> {
  const mayI: ReadClient['mayI'] = (...asked) => read.mayI(...asked);
  const access = { reading: mayI, changing: mayI };
  const look = { access, now: () => new Date(), signal: AbortSignal.timeout(10_000) };
  try {
    const releases = new HelmReleases(read);
    const planLook = { ...look, cluster: read, releases, charts, ...trialsWith(plan, look.signal) };
    if (tool.class === 'read')
      await tool.read(args, { ...look, cluster: maskedView(read), releases: maskedReleases(releases), charts });
    else if (tool.class === 'preview') await tool.preview(args, { ...planLook, told: maskObject });
    else if ('planRelease' in tool) await tool.planRelease(args, { ...planLook, helm: writer, keyed: (text) => text });
    else {
      // A program cannot be tried out.
      for (const part of partsOf(await tool.plan(args, { ...planLook, suffix: 'a1b2c3d4' })))
        if (!('program' in part)) await plan.dryRun(requestOf(part, grantId));
    }
    return undefined;
  } catch (error) {
    return ensureFailure(error);
  }
}

/** Whether it is one that discovery, and the namespace in question, account for. */
async function isFounded({ method, path, dryRun }: Requesting, isScoped: boolean): Promise<boolean> {
  if (method === 'POST' && path === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') return dryRun;
  if (method !== 'GET' && !dryRun) return false;
  if (/^\/(version|api|apis|openapi\/v3\/(api|apis\/[a-z0-9.-]+)\/v\w+)$/.test(path)) return true;
  const types = await read.discovery.all();
  return types.some(({ group, version, resource, namespaced }) => {
    const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const inside = isScoped && namespaced ? `/namespaces/${scene.namespace}` : '(/namespaces/[a-z0-9-]+)?';
    const whole = `${base}${namespaced ? inside : ''}/${resource}(/[a-z0-9][-a-z0-9.]*(/log|/scale|/eviction)?)?`;
    return new RegExp(`^${whole}$`).test(path);
  });
}

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (_name, tool) => {
  it('takes what is meant, refuses by the field what is not, and asks for nothing else', async () => {
    const description = describeTool(tool);
    // A path is one of fields everywhere else.
    const meantBy = tool.name === 'k8s_copy_from' ? { ...known, path: '/etc/hostname' } : known;
    const meant = await use(tool, aCallOf(description, meantBy));
    expect(meant?.code).not.toBe('InvalidArguments');
    const isScoped = 'namespace' in aCallOf(description, meantBy);
    const objections: string[] = [];
    const { name: _name, ...nameless } = meantBy;
    // A name that may be left out makes another request of it: a list.
    for (const { field, put } of [...placesOf(description, meantBy), ...placesOf(description, nameless)]) {
      for (const vector of vectors) {
        const shown = `${field} ${JSON.stringify(vector.slice(0, 40))}`;
        requests.length = 0;
        const refused = await use(tool, put(vector));
        for (const request of requests) {
          if (!(await isFounded(request, isScoped))) objections.push(`${shown}: ${request.method} ${request.path}`);
        }
        const isRefused = refused !== undefined && !ofTheCluster.has(refused.code);
        if (!isRefused && identifiers.test(field)) objections.push(`${shown}: not refused`);
        if (isRefused && !refused.message.includes(field)) objections.push(`${shown}: ${refused.message}`);
      }
    }
    expect(objections).toEqual([]);
  });
});

describe('all of it', () => {
  it('wrote nothing, by the audit log of the API server, and started no process', async () => {
    const entries = (await readFile(process.env['SKYFLO_TEST_AUDIT_LOG'] ?? '', 'utf8'))
      .split('\n')
      .filter((line) => line.includes(userAgent))
      .map((line) => JSON.parse(line) as { verb: string; requestURI: string });
    expect(entries.length).toBeGreaterThan(toolDescriptions.length);
    const changing = entries.filter(({ verb, requestURI }) => !isReading(verb) && !requestURI.includes('dryRun=All'));
    expect(changing).toEqual([]);
    const deployment = await scene.deployment('web');
    expect(deployment.metadata).toMatchObject({ generation: 1 });
    expect(deployment.metadata.annotations).not.toHaveProperty('skyflo.ai/grant');
    expect(spawned).toEqual([]);
  });
});

function isReading(verb: string): boolean {
  return ['get', 'list', 'watch'].includes(verb);
}
