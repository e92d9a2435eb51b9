import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a client calls the sending of a message, so that sending it again makes no second run. */
export class MessageKeys1763974800007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table runs add column message_key text, add column message_digest text');
    await runner.query('create unique index runs_message_key on runs (conversation_id, message_key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table runs drop column message_key, drop column message_digest');
  }
}
