import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which replica holds a lease, where replicas have names: its next process ends what its dead one held. */
export class LeaseReplicas1600000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leases add column replica text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leases drop column replica');
  }
}
