import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A grant may cover several requests: each is a row, in order. */
export class LedgerSteps1764000000010 implements MigrationInterface {
  name = 'LedgerSteps1764000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table ledger
        add column step int not null default 0,
        add column of_grant text not null generated always as (split_part(grant_id, '/', 1)) stored;
      create index ledger_of_grant on ledger (of_grant, step);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table ledger drop column of_grant, drop column step');
  }
}
