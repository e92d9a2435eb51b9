import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import type { Pool } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { checkpointSchema } from '../checkpoint-schema.ts';

/**
 * LangGraph's own tables, made by its own set-up, but here: as a migration it cannot be raced by a second replica, and a boot
 * without it fails. A version of the saver that brings new tables needs another migration like this one.
 */
export class Checkpoints1764000000001 implements MigrationInterface {
  name = 'Checkpoints1764000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    // The set-up would find out by an error whether this table is there, and an error ends the transaction.
    await queryRunner.query('create table if not exists checkpoint_migrations (v integer primary key)');
    await new PostgresSaver(poolOver(queryRunner), undefined, { schema: checkpointSchema }).setup();
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table checkpoint_migrations, checkpoints, checkpoint_blobs, checkpoint_writes');
  }
}

/** The part of a pool that the set-up uses. The schema is there; the service's role may not even try to make one. */
function poolOver(queryRunner: QueryRunner): Pool {
  const query = async (sql: string, values?: unknown[]): Promise<{ rows: unknown }> =>
    sql.startsWith('CREATE SCHEMA') ? { rows: [] } : { rows: await queryRunner.query(sql, values) };
  return { connect: async () => ({ query, release: () => undefined }) } as unknown as Pool;
}
