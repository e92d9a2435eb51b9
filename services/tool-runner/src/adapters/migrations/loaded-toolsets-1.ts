import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which calls of MCP clients load a toolset: their lists are made from it. */
export class LoadedToolsets1764000000002 implements MigrationInterface {
  name = 'LoadedToolsets1764000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table own_runs add column loads text');
    await queryRunner.query('create index own_runs_loads on own_runs (client_id, created_at) where loads is not null');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table own_runs drop column loads');
  }
}
