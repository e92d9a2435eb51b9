import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ToolRunner1764000000000 implements MigrationInterface {
  name = 'ToolRunner1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table calls (
        call_id text primary key,
        conversation_id text not null,
        run_id text not null,
        requested jsonb,
        plan_requested jsonb,
        plan_revision int not null default 0,
        planned_revision int not null default 0,
        passed jsonb,
        started_at timestamptz,
        closed_at timestamptz,
        created_at timestamptz not null default now(),
        -- What is to be done now. Events come in any order: nothing is due before those it needs are there.
        due text generated always as (
          case
            when closed_at is not null or requested is null then null
            when passed is not null then
              case passed -> 'data' ->> 'class' when 'write' then 'execute' else 'read' end
            when plan_revision > planned_revision then 'plan'
          end
        ) stored
      );
      create index calls_due on calls (created_at) where due is not null;
      create index calls_of_run on calls (run_id) where closed_at is null;

      create table stopped_runs (run_id text primary key, stopped_at timestamptz not null default now());

      create table ledger (
        grant_id text primary key,
        call_id text not null references calls (call_id),
        cluster text not null,
        target_uid text not null,
        state text not null
          check (state in ('planned', 'claimed', 'executing', 'done', 'not-done', 'uncertain', 'cancelled')),
        plan jsonb not null,
        plan_digest text not null,
        request jsonb not null,
        -- Apart from the rest of the request, because these bytes are sent as they are.
        body text not null,
        context_digest text not null,
        checks jsonb not null,
        write_ahead jsonb,
        sends int not null default 0,
        last_sent_at timestamptz,
        outcome text,
        planned_at timestamptz not null default now(),
        decided_at timestamptz,
        check ((state in ('executing', 'done', 'uncertain')) <= (write_ahead is not null))
      );
      -- One undecided write per object: a second grant waits until the first is known to have happened or not.
      create unique index ledger_one_undecided on ledger (cluster, target_uid) where state in ('claimed', 'executing');
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table ledger, stopped_runs, calls');
  }
}
