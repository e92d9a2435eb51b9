import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people want with queued runs. Like `stop_requests` without a reference to `runs`, which may have yet to come. */
export class Queue1764000000003 implements MigrationInterface {
  name = 'Queue1764000000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table withdrawals (run_id uuid primary key, by jsonb not null, at timestamptz not null default now());
      create table moves_up (run_id uuid primary key, by jsonb not null, at timestamptz not null);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table withdrawals, moves_up');
  }
}
