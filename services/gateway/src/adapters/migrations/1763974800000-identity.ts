import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, and where they are signed in. */
export class Identity1763974800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table people (
        id uuid primary key,
        email text not null,
        password_hash text not null,
        roles text[] not null,
        active boolean not null default true,
        created_at timestamptz not null
      )`);
    await runner.query('create unique index people_email on people (email)');
    await runner.query(`
      create table sessions (
        id uuid primary key,
        person_id uuid not null references people (id),
        created_at timestamptz not null,
        revoked_at timestamptz
      )`);
    await runner.query('create index sessions_person on sessions (person_id)');
    await runner.query(`
      create table refresh_tokens (
        token_hash text primary key,
        session_id uuid not null references sessions (id) on delete cascade,
        expires_at timestamptz not null,
        used_at timestamptz
      )`);
    await runner.query('create index refresh_tokens_session on refresh_tokens (session_id, expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table refresh_tokens, sessions, people');
  }
}
