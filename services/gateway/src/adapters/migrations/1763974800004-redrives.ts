import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which dead letters were asked to be redriven, by whom: once each. */
export class Redrives1763974800004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create table redrives (letter_id uuid primary key, requested_by uuid not null references people (id), at timestamptz not null)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table redrives');
  }
}
