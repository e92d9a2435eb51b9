import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Persistence1764000000000 implements MigrationInterface {
  name = 'Persistence1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table events (
        n bigint generated always as identity primary key,
        id text not null unique,
        stream text not null,
        stream_sequence bigint not null,
        type text not null,
        source text not null,
        conversation_id text,
        run_id text,
        time timestamptz not null,
        envelope jsonb not null,
        recorded_at timestamptz not null default now()
      );
      create index events_conversation on events (conversation_id, n);

      create table positions (stream text primary key, incarnation text not null, sequence bigint not null);

      create table conversations (
        id text primary key,
        owner_id text,
        owner jsonb,
        title text not null,
        created_at timestamptz not null
      );
      create index conversations_owner on conversations (owner_id, created_at desc);

      create table messages (
        n bigint generated always as identity primary key,
        id text not null unique,
        conversation_id text not null references conversations (id),
        message jsonb not null
      );
      create index messages_conversation on messages (conversation_id, n);

      create table runs (
        n bigint generated always as identity primary key,
        id text not null unique,
        conversation_id text not null references conversations (id),
        status text not null,
        run jsonb not null
      );
      create index runs_conversation on runs (conversation_id, n);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table runs, messages, conversations, positions, events');
  }
}
