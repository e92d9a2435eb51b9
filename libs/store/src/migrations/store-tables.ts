import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The store's own tables, once per schema.
 *
 * - `outbox.envelope` is `json`, not `jsonb`: what was signed stays as it was written, and text with NUL characters, which
 *   `jsonb` refuses, passes.
 * - `outbox.refused` says why an envelope can never be published; such a row stays for a person to look at.
 * - `count_emission` must be a function: inside it each statement sees what was committed while the first one waited for the
 *   sequence's row, so that of two emissions of one id the later finds the earlier, in one round trip and without a gap.
 * - `leases` rows stay: their attempts must never begin again. The unique key over the attempt makes a takeover a change of a
 *   key, which waits for transactions that hold the row `for key share`, while renewals and the transactions pass each other.
 */
export class StoreTables1600000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table outbox (
        position bigint generated always as identity primary key,
        id text not null constraint outbox_id unique,
        envelope json not null,
        created_at timestamptz not null default now(),
        published_at timestamptz,
        refused text
      )`);
    await runner.query(
      'create index outbox_waiting on outbox (position) where published_at is null and refused is null',
    );
    await runner.query('create index outbox_published on outbox (published_at) where published_at is not null');
    await runner.query('create table outbox_sequences (key text primary key, last bigint not null)');
    await runner.query(`
      create function count_emission(sequence_key text, event_id text, out sequence bigint, out said json)
      language plpgsql as $$
      begin
        insert into outbox_sequences as s (key, last) values (sequence_key, 1)
          on conflict (key) do update set last = s.last + 1
          returning s.last into sequence;
        select o.envelope into said from outbox o where o.id = event_id;
        if found then
          update outbox_sequences s set last = s.last - 1 where s.key = sequence_key;
        end if;
      end $$`);
    await runner.query(`
      create table leases (
        key text primary key,
        attempt integer not null,
        holder uuid,
        expires_at timestamptz not null,
        constraint leases_attempt unique (key, attempt)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function count_emission');
    await runner.query('drop table leases, outbox_sequences, outbox');
  }
}
