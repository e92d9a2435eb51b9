import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OwnRuns1764000000001 implements MigrationInterface {
  name = 'OwnRuns1764000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table own_runs (
        run_id text primary key,
        call_id text not null unique,
        conversation_id text not null,
        requested_by jsonb not null,
        client_id text not null,
        request_id text not null,
        -- Whoever holds the client's request pushes this on; past it, nobody waits for the answer any more.
        attended_until timestamptz not null,
        left_at timestamptz,
        ending jsonb,
        ended_at timestamptz,
        created_at timestamptz not null default now(),
        check ((ending is null) = (ended_at is null))
      );
      create index own_runs_attended on own_runs (attended_until) where ended_at is null and left_at is null;
      create index own_runs_requests on own_runs (client_id, request_id) where ended_at is null;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table own_runs');
  }
}
