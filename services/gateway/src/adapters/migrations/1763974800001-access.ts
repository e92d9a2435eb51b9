import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose each conversation is, and which runs belong to it. */
export class Access1763974800001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table conversation_access (
        id uuid primary key,
        owner uuid not null references people (id),
        title text not null,
        created_at timestamptz not null
      )`);
    await runner.query('create index conversation_access_owner on conversation_access (owner, created_at desc)');
    await runner.query('create index conversation_access_newest on conversation_access (created_at desc)');
    await runner.query(`
      create table runs (
        id uuid primary key,
        conversation_id uuid not null references conversation_access (id),
        created_at timestamptz not null,
        stop_requested_at timestamptz
      )`);
    await runner.query('create index runs_conversation on runs (conversation_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table runs, conversation_access');
  }
}
