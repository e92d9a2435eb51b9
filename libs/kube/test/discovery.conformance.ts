import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessOf, loadKubeconfig, type ResourceType } from '../src/index.ts';
import { Discovery } from '../src/discovery.ts';
import { Transport } from '../src/transport.ts';

let transport: Transport;
beforeAll(async () => {
  const runner = await loadKubeconfig(process.env['SKYFLO_TEST_RUNNER_KUBECONFIG'] ?? '');
  transport = new Transport(await accessOf(runner, 'runner-read'), {});
});
afterAll(() => transport.close());

const inOrder = (types: readonly ResourceType[]) =>
  types
    // Other suites make kinds of their own meanwhile.
    .filter(({ group }) => group === '' || group === 'apps' || group === 'batch')
    .map((type) => ({ ...type, subresources: type.subresources.toSorted(), verbs: type.verbs.toSorted() }))
    .toSorted((a, b) => `${a.group}/${a.version}/${a.resource}`.localeCompare(`${b.group}/${b.version}/${b.resource}`));

describe('discovery on a real API server', () => {
  it('learns from the older documents what the aggregated ones say', async () => {
    let asked = 0;
    const aggregated = new Discovery(transport.get);
    const older = new Discovery((path) => {
      asked += 1;
      return transport.get(path);
    });
    const types = inOrder(await older.all());
    expect(types.length).toBeGreaterThan(20);
    expect(types).toEqual(inOrder(await aggregated.all()));
    // One document per group version, where two aggregated ones say everything.
    expect(asked).toBeGreaterThan(10);
  });

  it('knows a kind by its plural, its singular and its short name, from either', async () => {
    const older = new Discovery((path) => transport.get(path));
    for (const word of ['deployments', 'deployment', 'deploy', 'Deployment'])
      await expect(older.resolve(word)).resolves.toMatchObject({ group: 'apps', resource: 'deployments' });
  });
});
