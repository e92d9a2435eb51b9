import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often a dead letter was asked to be redriven: a request that was never answered may be made again. */
export class RedrivesAgain1763974800006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table redrives add column times integer not null default 1');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table redrives drop column times');
  }
}
