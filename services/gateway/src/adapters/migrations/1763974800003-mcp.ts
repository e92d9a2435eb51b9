import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each person has at most one conversation that holds what they do over MCP. */
export class Mcp1763974800003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table conversation_access add column for_mcp boolean not null default false');
    await runner.query('create unique index conversation_access_for_mcp on conversation_access (owner) where for_mcp');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table conversation_access drop column for_mcp');
  }
}
