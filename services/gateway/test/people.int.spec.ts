import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bus } from '@skyflo/bus';
import { FindPeople, type PersonNow, type Role, RunCompleted, RunStopRequested } from '@skyflo/contracts';
import { aGateway, type Gateway, setupToken, speakerOf } from './a-gateway.ts';
import { password, signIn, type SignedIn } from './people-of-the-tests.ts';
import { readStream } from './read-stream.ts';

let gateway: Gateway;
let admin: SignedIn;
let planner: Bus;
let persistence: Bus;
const said: { type: string; data: unknown }[] = [];

beforeAll(async () => {
  gateway = await aGateway();
  [planner, persistence] = await Promise.all([gateway.busOf('planner'), gateway.busOf('persistence')]);
  persistence.consumeStream('ORG', async (batch) => {
    said.push(...batch.map(({ event: { type, data } }) => ({ type, data })));
  });
  const first = { token: setupToken, email: 'admin@example.com', password };
  await gateway.call('POST', '/auth/setup', { body: first });
  admin = await signIn(gateway, first.email);
});
afterAll(() => gateway.close());

let joined = 0;
async function join(...roles: Role[]): Promise<SignedIn> {
  const email = `somebody-${++joined}@example.com`;
  await gateway.call('POST', '/people', { token: admin.token, body: { email, password, roles } });
  return signIn(gateway, email);
}
const change = (who: { person: { id: string } }, body: object, by = admin) =>
  gateway.call('PATCH', `/people/${who.person.id}`, { token: by.token, body });
const me = ({ token }: SignedIn) => gateway.call('GET', '/auth/me', { token });
const everybody = async () =>
  ((await gateway.call('GET', '/people', { token: admin.token })).body as { items: PersonNow[] }).items;
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function aRun(of: SignedIn) {
  const { body } = await gateway.call('POST', '/conversations', { token: of.token, body: {} });
  const { id } = body as { id: string };
  const posted = await post(of, id);
  return { id, runId: (posted.body as { runId: string }).runId };
}
const post = ({ token }: SignedIn, id: string) =>
  gateway.call('POST', `/conversations/${id}/messages`, { token, body: { content: 'hello' } });

describe('changing people', () => {
  it('is for admins, and lists everybody as they are now', async () => {
    const operator = await join('operator');
    expect((await gateway.call('GET', '/people', { token: operator.token })).status).toBe(403);
    expect((await change(operator, { roles: ['admin'] }, operator)).status).toBe(403);
    const answer = await change(operator, { roles: ['approver', 'approver'] });
    const now = { ...operator.person, roles: ['approver'], active: true };
    expect(answer).toMatchObject({ status: 200, body: now });
    expect((await everybody()).at(-1)).toEqual({ ...now, createdAt: expect.stringMatching(/Z$/) });
    expect((await me(operator)).body).toMatchObject({ roles: ['approver'] });
  });

  it('says what it cannot do: unknown people, fields that are wrong, nothing to change', async () => {
    const nobody = { person: { id: '01a20cb0-0000-7000-8000-0000000000e9' } };
    expect((await change(nobody, { active: false })).status).toBe(404);
    expect((await change({ person: { id: 'nonsense' } }, { active: false })).status).toBe(404);
    for (const [body, field] of [
      [{ roles: ['god'] }, '/roles/0'],
      [{ roles: [] }, '/roles'],
      [{ active: 'yes' }, '/active'],
      [{}, '/roles'],
    ] as const)
      expect(await change(admin, body)).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });

  it('is announced once, and only where something changed', async () => {
    const somebody = await join('viewer');
    await until(() => said.some(({ data }) => JSON.stringify(data).includes(somebody.person.id)));
    said.length = 0;
    await change(somebody, { roles: ['viewer'], active: true });
    await change(somebody, { roles: ['operator'] });
    await change(somebody, { active: false });
    await change(somebody, { active: false });
    await change(somebody, { active: true });
    await until(() => said.length >= 3);
    const { id, email } = somebody.person;
    const by = { id: admin.person.id, email: admin.email };
    const person = { id, email, roles: ['operator'] };
    expect(said).toEqual([
      { type: 'person.changed.v1', data: { person, before: { roles: ['viewer'], active: true }, changedBy: by } },
      { type: 'person.deactivated.v1', data: { person: { id, email }, deactivatedBy: by } },
      { type: 'person.changed.v1', data: { person, before: { roles: ['operator'], active: false }, changedBy: by } },
    ]);
  });
});

describe('somebody who may no longer act', () => {
  it('is signed out everywhere at once, and signing in says what a wrong password says', async () => {
    const somebody = await join('operator');
    const elsewhere = await signIn(gateway, somebody.email);
    expect((await change(somebody, { active: false })).body).toMatchObject({ active: false });
    for (const session of [somebody, elsewhere])
      expect(await me(session)).toMatchObject({ status: 401, body: { code: 'SessionEnded' } });
    const login = (secret: string) =>
      gateway.call('POST', '/auth/login', { body: { email: somebody.email, password: secret } });
    const [right, wrong] = await Promise.all([login(password), login('not the password')]);
    const said = { status: 401, body: { code: 'WrongCredentials', detail: expect.any(String) } };
    expect([right, wrong]).toMatchObject([said, said]);
    const gate = await gateway.busOf('gate');
    expect((await gate.ask(FindPeople, { ids: [somebody.person.id] })).people).toMatchObject([{ active: false }]);
  });

  it('does not get old sessions back with a return', async () => {
    const somebody = await join('operator');
    await change(somebody, { active: false });
    await change(somebody, { active: true });
    expect((await me(somebody)).status).toBe(401);
    expect((await me(await signIn(gateway, somebody.email))).status).toBe(200);
  });

  it('sees their event streams end, without waiting for a heartbeat', async () => {
    const unhurried = await aGateway({ GATEWAY_HEARTBEAT_SECONDS: '3600' });
    try {
      await unhurried.call('POST', '/auth/setup', { body: { token: setupToken, email: admin.email, password } });
      const boss = await signIn(unhurried, admin.email);
      const email = 'reader@example.com';
      await unhurried.call('POST', '/people', { token: boss.token, body: { email, password, roles: ['admin'] } });
      const reader = await signIn(unhurried, email);
      const created = await unhurried.call('POST', '/conversations', { token: boss.token, body: {} });
      const { id } = created.body as { id: string };
      const open = ({ token }: SignedIn) =>
        readStream(`${unhurried.url}/api/v1/conversations/${id}/events`, { authorization: `Bearer ${token}` });
      const path = `/people/${reader.person.id}`;
      const asAdmin = await open(reader);
      await asAdmin.frames(1);
      // No admin any more: another's conversation is none of theirs.
      await unhurried.call('PATCH', path, { token: boss.token, body: { roles: ['operator'] } });
      await asAdmin.ended;
      await unhurried.call('PATCH', path, { token: boss.token, body: { roles: ['admin'] } });
      const again = await open(reader);
      await again.frames(1);
      await unhurried.call('PATCH', path, { token: boss.token, body: { active: false } });
      await again.ended;
    } finally {
      await unhurried.close();
    }
  });

  it('has the runs stopped that are not over, and no others', async () => {
    const somebody = await join('operator');
    const [over, stopped, open] = [await aRun(somebody), await aRun(somebody), await aRun(somebody)];
    await speakerOf(gateway, planner)(RunCompleted, over.id, over.runId, { status: 'completed' });
    await gateway.call('POST', `/runs/${stopped.runId}/stop`, { token: somebody.token });
    const stops: { runId: string | undefined; by: string }[] = [];
    const listening = planner.consume(RunStopRequested, async ({ runid, data }) => {
      stops.push({ runId: runid, by: data.by.email });
    });
    await gateway.untilCompleted(over.runId);
    await change(somebody, { active: false });
    await until(() => stops.length >= 2);
    await listening.stop();
    expect(stops.toSorted((a, b) => a.by.localeCompare(b.by))).toEqual([
      { runId: open.runId, by: admin.email },
      { runId: stopped.runId, by: somebody.email },
    ]);
  });

  it('begins no run that nobody stops, however close it comes', async () => {
    for (let round = 0; round < 20; round += 1) {
      const somebody = await join('operator');
      const { id } = await aRun(somebody);
      const [posted] = await Promise.all([post(somebody, id), change(somebody, { active: false })]);
      expect([202, 401]).toContain(posted.status);
      const open = await gateway.sql(`select 1 from runs where conversation_id = $1 and stop_requested_at is null`, [
        id,
      ]);
      expect(open).toEqual([]);
    }
  }, 60_000);
});

describe('signing in while one is deactivated', () => {
  it('gives no session that outlives it, and keeps neither waiting for the other', async () => {
    const somebody = await join('operator');
    for (let round = 0; round < 20; round += 1) {
      // What signing in tidies up, a deactivation ends: both want these rows.
      await gateway.sql(
        'delete from refresh_tokens t using sessions s where s.id = t.session_id and s.person_id = $1',
        [somebody.person.id],
      );
      const body = { email: somebody.email, password };
      const [login, deactivated] = await Promise.all([
        gateway.call('POST', '/auth/login', { body }),
        change(somebody, { active: false }),
      ]);
      expect(deactivated.status).toBe(200);
      expect([200, 401]).toContain(login.status);
      const { accessToken } = login.body as { accessToken?: string };
      if (accessToken !== undefined)
        expect((await gateway.call('GET', '/auth/me', { token: accessToken })).status).toBe(401);
      await change(somebody, { active: true });
      if (accessToken !== undefined)
        expect((await gateway.call('GET', '/auth/me', { token: accessToken })).status).toBe(401);
    }
  }, 60_000);
});

describe('the last admin', () => {
  it('stays, whatever is asked', async () => {
    const lastAdmin = { status: 409, body: { code: 'LastAdmin' } };
    expect(await change(admin, { active: false })).toMatchObject(lastAdmin);
    expect(await change(admin, { roles: ['approver'] })).toMatchObject(lastAdmin);
    const away = await join('admin');
    await change(away, { active: false });
    // An admin who may not act manages nothing.
    expect(await change(admin, { active: false })).toMatchObject(lastAdmin);
    expect((await me(admin)).body).toMatchObject({ roles: ['admin'] });
  });

  it('is left by two who remove each other at the same moment, every time', async () => {
    const other = await join('admin');
    for (let round = 0; round < 20; round += 1) {
      const how = round % 2 === 0 ? { active: false } : { roles: ['operator'] };
      const [one, two] = await Promise.all([change(other, how, admin), change(admin, how, other)]);
      const statuses = [one.status, two.status].toSorted((a, b) => a - b);
      // Who came second is no admin any more, or (asked before that) no longer signed in.
      expect([
        [200, 401],
        [200, 403],
      ]).toContainEqual(statuses);
      const acting = await gateway.sql(`select id from people where active and 'admin' = any (roles)`);
      expect(acting).toHaveLength(1);
      await gateway.sql(`update people set active = true, roles = '{admin}' where id = any ($1)`, [
        [admin.person.id, other.person.id],
      ]);
      await gateway.sql('update sessions set revoked_at = null where person_id = any ($1)', [
        [admin.person.id, other.person.id],
      ]);
    }
  }, 60_000);
});
