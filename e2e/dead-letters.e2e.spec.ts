/** One event that a service cannot handle, in the running stack: what becomes of it, of its run, and of everything else. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeadLetterList } from '@skyflo/contracts';
import type { SkyfloClient } from '@skyflo/testkit';
import { Client } from 'pg';
import { waitFor } from '../local/servers/index.ts';
import { anAdmin, aPerson, databaseUrlOf, ready, writesOf } from './running.ts';

let admin: SkyfloClient;
let operator: SkyfloClient;
let gate: Client;

beforeAll(async () => {
  await ready();
  admin = await anAdmin();
  operator = await aPerson('operator');
  gate = new Client(databaseUrlOf('gate'));
  await gate.connect();
});
afterEach(mend);
afterAll(() => gate.end());

/** From now on the gate's table cannot take the calls of one conversation. */
async function poison(conversationId: string): Promise<void> {
  await gate.query(`
    create function gate.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'the disk of this row is broken'; end $$;
    create trigger refuse before insert on gate.calls for each row
      when (new.conversation_id = '${conversationId}') execute function gate.refuse()`);
}

async function mend(): Promise<void> {
  await gate.query('drop trigger if exists refuse on gate.calls; drop function if exists gate.refuse()');
}

const letters = async (client: SkyfloClient) => client.call<DeadLetterList>('GET', '/dead-letters');

describe('a poison event', () => {
  it('ends as a dead letter, its run fails with words, the rest goes on, and redriving it later writes nothing', async () => {
    const [poisoned, healthy] = await Promise.all([operator.converse(), operator.converse()]);
    await poison(poisoned);
    const runId = await operator.say(poisoned, 'scale catalog to 4');
    const other = await operator.say(healthy, 'show pods in shop');
    const ended = await operator.until(healthy, 'run.completed', { runId: other });
    expect(ended.event.data).toMatchObject({ status: 'completed' });
    const failed = await operator.until(poisoned, 'run.completed', { runId });
    expect(failed.event.data).toMatchObject({
      status: 'failed',
      failure: { code: 'EventNotHandled' },
      reason: expect.stringMatching(/^The gate could not handle tool\.requested.*administrator.*dead letters/),
    });

    const { status, body } = await letters(admin);
    expect(status).toBe(200);
    const letter = body.items.find((one) => one.runId === runId);
    expect(letter).toMatchObject({
      type: 'tool.requested.v1',
      consumer: 'gate-tool-requested-v1',
      conversationId: poisoned,
      failure: { message: expect.stringContaining('the disk of this row is broken') },
    });
    expect((await letters(operator)).status).toBe(403);
    const redrive = (client: SkyfloClient, id: string) => client.call('POST', `/dead-letters/${id}/redrive`);
    const id = letter?.id ?? '';
    expect((await redrive(operator, id)).status).toBe(403);

    await mend();
    expect((await redrive(admin, id)).status).toBe(202);
    const isGone = async () => !(await letters(admin)).body.items.some((one) => one.id === id);
    await waitFor(isGone, { timeoutMs: 30_000, everyMs: 100, what: 'the letter to be redriven' });
    expect((await redrive(admin, id)).status).toBe(409);
    expect((await redrive(admin, '01890000-0000-7000-8000-000000000000')).status).toBe(404);

    // The run is over: the call that came round again is nobody's, and nothing was written.
    const view = await operator.conversation(poisoned);
    expect(view.runs.find((run) => run.id === runId)?.status).toBe('failed');
    const pending = await admin.pending();
    expect(pending.filter((one) => one.runId === runId)).toEqual([]);
    expect(writesOf(`${runId}.0.0.1`)).toEqual([]);
  });
});
