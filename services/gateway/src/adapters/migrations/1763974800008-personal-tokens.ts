import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens that people make for their agents. The table must not hold what opens anything: only hashes. */
export class PersonalTokens1763974800008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table personal_tokens (
        id uuid primary key,
        person_id uuid not null references people (id),
        name text not null,
        scope text not null check (scope in ('read', 'write')),
        token_hash text not null unique,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        last_used_at timestamptz,
        revoked_at timestamptz
      )`);
    await runner.query('create index personal_tokens_person on personal_tokens (person_id) where revoked_at is null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table personal_tokens');
  }
}
