import { describe, expect, it } from '@jest/globals';
import { Failure } from '@skyflo/contracts';
import { Schemas } from './schemas.ts';

const aDocument = (name: string) => JSON.stringify({ paths: {}, components: { schemas: { [name]: {} } } });

describe('the schemas of a cluster', () => {
  it('are asked for once per group version, by callers at the same time and later ones, until they are old', async () => {
    const asked: string[] = [];
    let now = 0;
    const get = async (path: string) => {
      asked.push(path);
      return aDocument('x');
    };
    const schemas = new Schemas(get, { ttlMs: 1_000, now: () => now });
    await Promise.all([schemas.of({ group: '', version: 'v1' }), schemas.of({ group: '', version: 'v1' })]);
    await expect(schemas.of({ group: 'apps', version: 'v1' })).resolves.toEqual({ x: {} });
    expect(asked).toEqual(['/openapi/v3/api/v1', '/openapi/v3/apis/apps/v1']);
    now = 2_000;
    await schemas.of({ group: '', version: 'v1' });
    expect(asked).toHaveLength(3);
  });

  it('are kept for the dozen group versions that were asked for last', async () => {
    const asked: string[] = [];
    const get = async (path: string) => {
      asked.push(path);
      return aDocument('x');
    };
    const schemas = new Schemas(get);
    const group = (n: number) => ({ group: `g${n}.example.com`, version: 'v1' });
    for (let n = 0; n < 13; n += 1) await schemas.of(group(n));
    await schemas.of(group(12));
    expect(asked).toHaveLength(13);
    await schemas.of(group(0));
    expect(asked).toHaveLength(14);
  });

  it('that could not be had are asked for again, and a group without any is named', async () => {
    let tries = 0;
    const get = async () => {
      tries += 1;
      if (tries === 1) throw Failure.terminal('NotFound', 'The API server answered 404: not found');
      return aDocument('x');
    };
    const schemas = new Schemas(get);
    await expect(schemas.of({ group: 'old.example.com', version: 'v1' })).rejects.toMatchObject({
      code: 'SchemaMissing',
      message: 'The cluster describes no fields of old.example.com/v1.',
    });
    await expect(schemas.of({ group: 'old.example.com', version: 'v1' })).resolves.toEqual({ x: {} });
  });
});
