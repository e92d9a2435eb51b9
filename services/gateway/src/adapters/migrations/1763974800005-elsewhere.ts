import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that another service requested and sees to: they are not in the planner's queue. */
export class Elsewhere1763974800005 implements MigrationInterface {
  name = 'Elsewhere1763974800005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table runs add column elsewhere boolean not null default false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table runs drop column elsewhere');
  }
}
