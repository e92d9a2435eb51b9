import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTestDatabase } from '@skyflo/testkit';
import type { TestDatabase } from '@skyflo/testkit';
import { Client } from 'pg';
import { isUniqueViolation, migrate, openStore, provision } from '../src/index.ts';
import { aMigratedDatabase, openGateway } from './support.ts';

class Notes1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table notes (text text constraint notes_text unique)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notes');
  }
}

let database: TestDatabase;
beforeAll(async () => {
  database = await aMigratedDatabase();
});
afterAll(() => database.drop());

async function as(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a schema', () => {
  it('that lacks migrations is refused, and each is named', async () => {
    const schema = { url: database.urlFor('tool-runner'), schema: 'tool-runner', migrations: [Notes1700000000000] };
    const seal = () => {
      throw new Error('nothing is emitted here');
    };
    const options = { ...schema, seal, publish: () => Promise.resolve() };
    await expect(openStore(options)).rejects.toMatchObject({
      code: 'MigrationsMissing',
      message: expect.stringContaining('StoreTables1600000000000, LeaseReplicas1600000000001, Notes1700000000000'),
    });
    expect(await Promise.all([migrate(schema), migrate(schema)])).toEqual(
      expect.arrayContaining([['StoreTables1600000000000', 'LeaseReplicas1600000000001', 'Notes1700000000000'], []]),
    );
    const store = await openStore(options);
    expect(await store.query('select current_schema() as name')).toEqual([{ name: 'tool-runner' }]);
    expect(await store.query("insert into notes values ('a') returning text")).toEqual([{ text: 'a' }]);
    expect(await store.query("update notes set text = 'b' returning text")).toEqual([{ text: 'b' }]);
    const violation = await store.query("insert into notes values ('b')").catch((error: unknown) => error);
    expect(isUniqueViolation(violation, 'notes_text')).toBe(true);
    expect(isUniqueViolation(violation, 'another')).toBe(false);
    await store.close();
  });

  it('is closed to the roles of the other services', async () => {
    const planner = database.urlFor('planner');
    await expect(as(planner, 'select * from gateway.outbox')).rejects.toThrow('permission denied for schema gateway');
    await expect(as(planner, 'create table gateway.mine ()')).rejects.toThrow('permission denied');
    await expect(as(planner, 'create table public.mine ()')).rejects.toThrow('permission denied');
    await expect(as(planner, 'create schema mine')).rejects.toThrow('permission denied');
    await expect(as(planner, 'create temporary table mine ()')).rejects.toThrow('permission denied');
    expect(await as(planner, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('provisioning', () => {
  it('can be repeated, also by several at once, and keeps what is there', async () => {
    const store = await openGateway(database.urlFor('gateway'), { publish: () => Promise.resolve() });
    const again = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
    await Promise.all(again.map((one) => one.drop()));
    expect(await store.query('select 1 as one')).toEqual([{ one: 1 }]);
    await store.close();
  });

  it('refuses a name that no URL carries safely', async () => {
    const adminUrl = process.env['SKYFLO_TEST_POSTGRES_URL'] ?? '';
    const passwords = { gateway: 'a', planner: 'b', gate: 'c', 'tool-runner': 'd', persistence: 'e' };
    await expect(provision({ adminUrl, database: 'a"; drop', passwords })).rejects.toThrow('not a name for a database');
  });
});
