import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which runs are not over, so that those of somebody who may no longer act can be stopped. */
export class RunEnds1763974800002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table runs add column completed_at timestamptz');
    await runner.query('create index runs_open on runs (conversation_id) where completed_at is null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table runs drop column completed_at');
  }
}
