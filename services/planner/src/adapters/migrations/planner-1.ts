import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * - Run ids are UUIDv7: their order is the order in which the runs were requested.
 * - `turns.run_id` is the run that may call the model for its conversation; its row is the lock of the conversation's queue.
 * - `stop_requests` has no reference to `runs`: the order of events is not trusted, a stop may come before its run.
 * - `steps` and `calls` are written once, by whoever is first; only a call's waiting and closing are added later.
 */
export class Planner1764000000000 implements MigrationInterface {
  name = 'Planner1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table runs (
        id uuid primary key,
        conversation_id uuid not null,
        cause_id text not null,
        content text not null,
        requested_by jsonb not null,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        failure jsonb,
        faults int not null default 0,
        ended_at timestamptz,
        end_status text,
        thread_deleted boolean not null default false
      );
      create index runs_of_conversation on runs (conversation_id, id);
      create index runs_open on runs (id) where ended_at is null;
      create index runs_with_thread on runs (id) where ended_at is not null and not thread_deleted;

      create table turns (conversation_id uuid primary key, run_id uuid);

      create table stop_requests (run_id uuid primary key, by jsonb not null, at timestamptz not null default now());

      create table steps (
        run_id uuid not null references runs (id),
        step int not null,
        kind text not null check (kind in ('model', 'verification')),
        attempt int not null,
        text text not null default '',
        verified_at timestamptz,
        created_at timestamptz not null default now(),
        primary key (run_id, step)
      );

      create table calls (
        id text primary key,
        run_id uuid not null,
        step int not null,
        index int not null,
        tool text not null,
        args jsonb not null,
        verifies jsonb,
        waiting_at timestamptz,
        result jsonb,
        closed_at timestamptz,
        foreign key (run_id, step) references steps (run_id, step)
      );
      create index calls_of_run on calls (run_id, step, index);
      create index calls_open on calls (run_id) where result is null;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table calls, steps, stop_requests, turns, runs');
  }
}
