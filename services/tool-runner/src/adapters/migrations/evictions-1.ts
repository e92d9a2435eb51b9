import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Evictions1764000000005 implements MigrationInterface {
  name = 'Evictions1764000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table drains (
        grant_id text primary key references ledger (grant_id),
        within_ms int not null,
        -- Set once, when the node is known to be cordoned: whoever takes the drain up keeps to the same end.
        begun_at timestamptz
      );
      create table evictions (
        grant_id text not null references drains (grant_id),
        n int not null,
        request jsonb not null,
        body text not null,
        state text not null default 'due' check (state in ('due', 'accepted', 'gone', 'refused')),
        -- A try that was never answered may still arrive.
        tries int not null default 0,
        answers int not null default 0,
        told text,
        primary key (grant_id, n)
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table evictions, drains');
  }
}
