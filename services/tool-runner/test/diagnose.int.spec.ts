import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Finding, type JsonObject, type ToolFinished } from '@skyflo/contracts';
import { aWorld, type World } from './a-world.ts';
import { breakNamespace, troubles } from './broken-namespace.ts';
import { tokensOf } from './tokens.ts';

// A hundred pods have to come into trouble on a machine that may be busy with other suites.
jest.setTimeout(180_000);

type Answer = ToolFinished['data'] & { readonly findings: Finding[] };

let world: World;
let broken: ReadonlyMap<string, readonly string[]>;
beforeAll(async () => {
  world = await aWorld();
  broken = await breakNamespace(world);
});
afterAll(async () => {
  await world.close();
});

async function diagnose(args: JsonObject = {}): Promise<Answer> {
  const { type, data } = await world.ask('diagnose', { namespace: world.namespace, ...args }).read();
  if (type !== 'tool.finished.v1') throw new Error(JSON.stringify(data));
  return { ...data, findings: Finding.array().parse(data.findings) };
}

/** Names of workloads and what is around them, by the kind of the finding that tells of them. */
function told({ findings }: Answer, kind: string): string[] {
  const about = findings.filter((finding) => finding.kind === kind);
  return about.flatMap(({ object, also = [] }) => [object, ...also].map(({ name }) => name));
}

/** Controllers, scheduler and nodes take their time to come into trouble: it asks until all have. */
async function diagnoseWhenBroken(): Promise<Answer> {
  for (;;) {
    const answer = await diagnose();
    const missing = [...broken].flatMap(([kind, names]) => names.filter((name) => !told(answer, kind).includes(name)));
    const others = ['IngressWithoutBackend', 'AutoscalerBlocked'].filter((kind) => told(answer, kind).length === 0);
    if (missing.length === 0 && others.length === 0) return answer;
  }
}

describe('a namespace of fifty broken workloads', () => {
  it('is told in one call under 3,000 tokens, and nobody is left out', async () => {
    expect([...broken.values()].flat()).toHaveLength(50);
    const answer = await diagnoseWhenBroken();
    expect(tokensOf(answer.text)).toBeLessThan(3_000);
    for (const name of [...broken.values()].flat()) expect(JSON.stringify(answer.findings)).toContain(`"${name}"`);
    for (const { object } of answer.findings) expect(answer.text).toContain(`${object.kind}/${object.name}`);
    expect(answer.findings.map(({ object }) => object.name)).not.toEqual(expect.arrayContaining(['web', 'cart']));
  });

  it('is counted by severity and kind, each cause once', async () => {
    const { facts, findings } = await diagnoseWhenBroken();
    const kinds = facts?.['kinds'] as Record<string, number>;
    for (const kind of ['ImagePull', 'CrashLoop', 'Unschedulable', 'ServiceWithoutEndpoints'])
      expect([kind, kinds[kind]]).toEqual([kind, troubles[kind]?.count]);
    // One StorageClass that is not there, one cause.
    expect(kinds['ClaimPending']).toBe(1);
    expect(kinds['RolloutStuck']).toBeUndefined();
    expect(facts?.['count']).toBe(findings.length);
  });

  it('is told with reasons, the last words of what crashes, and calls that the tools take', async () => {
    const { findings } = await diagnoseWhenBroken();
    const first = (kind: string) => findings.find((finding) => finding.kind === kind);
    expect(first('CrashLoop')?.said.join('\n')).toMatch(/\S/);
    expect(first('ServiceWithoutEndpoints')?.why).toMatch(
      /it selects app=(\S+)-v2, and no pod has that; .* have app=\1/,
    );
    expect(first('Unschedulable')?.why).toContain('no node has that label');
    expect(first('CreationRefused')?.said.join()).toContain('service account');
    expect(first('ClaimPending')).toMatchObject({ why: expect.stringContaining('There is no StorageClass fast') });
    expect(first('IngressWithoutBackend')?.why).toContain('leads to Service nobody');
    for (const kind of ['CrashLoop', 'Unschedulable', 'ProbeFailing']) {
      const { tool = '', args = {} } = first(kind)?.next ?? {};
      const { type } = await world.ask(tool, args).read();
      expect([tool, type]).toEqual([tool, 'tool.finished.v1']);
    }
  });

  it('can be looked at around one workload', async () => {
    const name = broken.get('ImagePull')?.[0] ?? '';
    const { findings } = await diagnose({ workload: name });
    expect(findings.map(({ kind, object }) => [kind, object.name])).toEqual([['ImagePull', name]]);
    const { data } = await world.ask('diagnose', { namespace: world.namespace, workload: 'nobody-has-it' }).read();
    expect(data).toMatchObject({ failure: { code: 'NotFound', message: expect.stringContaining('workload: ') } });
  });
});

describe('what the cluster says', () => {
  it('is masked before it is evidence', async () => {
    const [name = ''] = broken.get('ImagePull') ?? [];
    const [pod] = await world.podsOf(name);
    const involvedObject = { kind: 'Pod', name: pod?.metadata.name, namespace: world.namespace };
    const message = 'Failed to pull image: https://robot:hunter22@registry.shop.example answered 401';
    await world.set(
      'create',
      { group: '', resource: 'events', name: 'leak' },
      {
        metadata: { name: 'leak' },
        involvedObject,
        type: 'Warning',
        reason: 'Failed',
        message,
        lastTimestamp: new Date(Date.now() + 60_000).toISOString().replace(/\.\d+/, ''),
      },
    );
    const { text, findings } = await diagnose({ workload: name });
    expect(text).toContain('https://robot:***@registry.shop.example answered 401');
    expect(text + JSON.stringify(findings)).not.toContain('hunter22');
  });
});

it('says that nothing is wrong where nothing is, and what a whole cluster holds', async () => {
  const nothing = await diagnose({ namespace: 'kube-node-lease' });
  expect(nothing).toMatchObject({
    facts: { count: 0 },
    findings: [],
    text: expect.stringContaining('nothing is wrong'),
  });
  const { data } = await world.ask('diagnose', {}).read();
  expect(data).toHaveProperty('text', expect.stringMatching(/^the cluster: \d+ findings/));
  expect(tokensOf((data as Answer).text)).toBeLessThan(3_000);
});
