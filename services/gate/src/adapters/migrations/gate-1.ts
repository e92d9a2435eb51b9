import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Gate1764000000000 implements MigrationInterface {
  name = 'Gate1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table calls (
        call_id text primary key,
        conversation_id text not null,
        run_id text not null,
        tool text not null,
        cluster text not null,
        args_digest text not null,
        requested_by jsonb not null,
        after_untrusted_text boolean not null,
        state text not null check (state in ('planning', 'waiting', 'passed', 'refused', 'closed')),
        created_at timestamptz not null default now()
      );
      create index calls_waiting on calls (run_id) where state = 'waiting';

      create table ended_runs (run_id text primary key, ended boolean not null);

      create table approvals (
        call_id text not null references calls (call_id),
        revision int not null,
        digest text not null,
        request jsonb not null,
        requested_by text not null,
        state text not null check (state in ('open', 'approved', 'refused', 'expired', 'withdrawn')),
        needed int not null,
        expires_at timestamptz not null,
        primary key (call_id, revision)
      );
      create index approvals_open on approvals (expires_at) where state = 'open';

      create table decisions (
        call_id text not null,
        revision int not null,
        person_id text not null,
        person jsonb not null,
        decision text not null check (decision in ('approve', 'refuse')),
        digest text not null,
        reason text,
        decided_at timestamptz not null,
        primary key (call_id, revision, person_id),
        foreign key (call_id, revision) references approvals (call_id, revision)
      );

      create table grants (grant_id text primary key, plan_digest text not null, issued_at timestamptz not null default now());
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table grants, decisions, approvals, ended_runs, calls');
  }
}
