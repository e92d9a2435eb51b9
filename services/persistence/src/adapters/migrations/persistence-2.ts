import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dead letters to look at; what was signed is in `events` under the same id. */
export class Persistence1764000000001 implements MigrationInterface {
  name = 'Persistence1764000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table dead_letters (
        id text primary key references events (id),
        type text not null,
        consumer text not null,
        conversation_id text,
        run_id text,
        failure jsonb not null,
        failed_at timestamptz not null,
        closed_at timestamptz
      );
      create index dead_letters_open on dead_letters (failed_at desc, id desc) where closed_at is null;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table dead_letters');
  }
}
