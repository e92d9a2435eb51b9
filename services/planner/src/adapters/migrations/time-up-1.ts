import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A run whose time was up while the model was answering ends as limited, whichever planner ends it. */
export class TimeUp1764000000004 implements MigrationInterface {
  name = 'TimeUp1764000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table runs add column time_up boolean not null default false');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table runs drop column time_up');
  }
}
