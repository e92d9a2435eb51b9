import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that were over before they came here; no reference to `runs`, like `stop_requests`. */
export class GivenUpRuns1764000000002 implements MigrationInterface {
  name = 'GivenUpRuns1764000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'create table given_up_runs (run_id uuid primary key, failure jsonb not null, at timestamptz not null default now())',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table given_up_runs');
  }
}
