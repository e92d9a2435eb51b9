import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FindPeople, newId, PersonId, type Problem } from '@skyflo/contracts';
import { SignJWT } from 'jose';
import { aGateway, type Answered, type Gateway, setupToken, tokenKey } from './a-gateway.ts';
import { password, signIn } from './people-of-the-tests.ts';

const email = 'ada@example.com';
let gateway: Gateway;

beforeAll(async () => {
  gateway = await aGateway();
});
afterAll(() => gateway.close());

const cookiesOf = ({ headers }: Answered) =>
  Object.fromEntries(headers.getSetCookie().map((cookie) => [cookie.split('=', 1)[0], cookie]));
const valueOf = (cookie: string | undefined) => cookie?.split(';', 1)[0] ?? '';
/** A problem without what names its one occurrence. */
const saidIn = (answer: Answered | undefined) => ({
  ...(answer?.body as Problem | undefined),
  instance: expect.any(String),
});
const login = () => gateway.call('POST', '/auth/login', { body: { email, password } });

describe('set-up', () => {
  const setUp = (about: object) =>
    gateway.call('POST', '/auth/setup', { body: { token: setupToken, email, password, ...about } });

  it('is wanted while there is no admin, and wants the token and a decent password', async () => {
    expect((await gateway.call('GET', '/auth/setup')).body).toEqual({ needed: true });
    expect(await setUp({ token: 'guessed' })).toMatchObject({ status: 401, body: { code: 'WrongSetupToken' } });
    for (const weak of ['short', 'aaaaaaaaaaaa'])
      expect(await setUp({ password: weak })).toMatchObject({
        status: 422,
        body: { errors: [{ field: '/password' }] },
      });
  });

  it('makes the first admin once, however many try at the same time', async () => {
    const tries = await Promise.all([setUp({}), setUp({})]);
    const [made, late] = tries.toSorted((a, b) => a.status - b.status);
    expect([made?.status, late?.status]).toEqual([201, 409]);
    expect(made?.body).toMatchObject({ accessToken: expect.any(String), user: { roles: ['admin'] } });
    expect(await setUp({ token: 'guessed' })).toMatchObject({ status: 409, body: { code: 'SetupDone' } });
    expect((await gateway.call('GET', '/auth/setup')).body).toEqual({ needed: false });
  });
});

describe('an installation whose admin is configured', () => {
  it('comes up with that admin, and again after a restart', async () => {
    const env = { GATEWAY_ADMIN_EMAIL: 'Root@Example.com', GATEWAY_ADMIN_PASSWORD: password };
    const configured = await aGateway(env);
    const { person } = await signIn(configured, 'root@example.com');
    expect(person.roles).toEqual(['admin']);
    await configured.stop();
    await configured.start();
    expect((await configured.call('GET', '/auth/setup')).body).toEqual({ needed: false });
    await configured.close();
  });
});

describe('signing in', () => {
  it('gives a token, and cookies that scripts and other sites cannot get at', async () => {
    const answer = await login();
    expect(answer).toMatchObject({ status: 200, body: { user: { email, roles: ['admin'] } } });
    const { skyflo_access, skyflo_refresh } = cookiesOf(answer);
    for (const cookie of [skyflo_access, skyflo_refresh]) expect(cookie).toMatch(/; HttpOnly; SameSite=Lax/);
    expect(skyflo_refresh).toMatch(/; Path=\/api\/v1\/auth;/);
    expect((await gateway.call('GET', '/auth/me', { headers: { cookie: valueOf(skyflo_access) } })).body).toMatchObject(
      {
        email,
      },
    );
  });

  it('answers an unknown address and a wrong password alike', async () => {
    const wrong = { email, password: 'not the password' };
    const [one, two] = await Promise.all(
      [wrong, { ...wrong, email: 'nobody@example.com' }].map((body) => gateway.call('POST', '/auth/login', { body })),
    );
    expect(one).toMatchObject({ status: 401, body: { code: 'WrongCredentials' } });
    expect(two).toMatchObject({ status: 401, body: saidIn(one) });
  });

  it('is slowed down after many wrong passwords for one account', async () => {
    const wrong = { email: 'guessed@example.com', password: 'not the password' };
    for (let i = 0; i < 10; i += 1) await gateway.call('POST', '/auth/login', { body: wrong });
    const eleventh = await gateway.call('POST', '/auth/login', { body: wrong });
    expect(eleventh).toMatchObject({ status: 429, body: { code: 'TooManyAttempts' } });
    expect(Number(eleventh.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await login()).status).toBe(200);
  });
});

describe('a token', () => {
  const me = (headers: Record<string, string>) => gateway.call('GET', '/auth/me', { headers });

  it('is asked for, and must be one of ours that is still good', async () => {
    const expired = await new SignJWT({ sid: newId(), roles: [] })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('skyflo-gateway')
      .setSubject(newId())
      .setExpirationTime(1)
      .sign(new TextEncoder().encode(tokenKey));
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"x"}')}.`;
    for (const [headers, code] of [
      [{}, 'NotSignedIn'],
      [{ authorization: `Bearer ${expired}` }, 'TokenExpired'],
      [{ authorization: `Bearer ${unsigned}` }, 'TokenInvalid'],
      [{ authorization: 'Basic YTpi' }, 'TokenInvalid'],
    ] as const) {
      const answer = await me(headers);
      expect(answer).toMatchObject({ status: 401, body: { code, status: 401, instance: expect.any(String) } });
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('is worth nothing as soon as its session ended or its person may no longer act', async () => {
    const answer = await login();
    const { accessToken } = answer.body as { accessToken: string };
    const bearer = { authorization: `Bearer ${accessToken}` };
    const refresh = { cookie: valueOf(cookiesOf(answer)['skyflo_refresh']) };
    const out = await gateway.call('POST', '/auth/logout', { headers: refresh });
    expect(out.status).toBe(204);
    expect(valueOf(cookiesOf(out)['skyflo_access'])).toBe('skyflo_access=');
    expect(await me(bearer)).toMatchObject({ status: 401, body: { code: 'SessionEnded' } });
    expect((await gateway.call('POST', '/auth/refresh', { headers: refresh })).status).toBe(401);
  });
});

describe('a session', () => {
  const refresh = (from: Answered) =>
    gateway.call('POST', '/auth/refresh', { headers: { cookie: valueOf(cookiesOf(from)['skyflo_refresh']) } });

  it('goes on by exchanging the refresh token, and ends when one comes twice', async () => {
    const first = await login();
    const second = await refresh(first);
    expect(second).toMatchObject({ status: 200, body: { user: { email } } });
    const third = await refresh(second);
    expect(third.status).toBe(200);
    expect((await refresh(first)).status).toBe(401);
    expect((await refresh(third)).status).toBe(401);
    const { accessToken } = third.body as { accessToken: string };
    expect((await gateway.call('GET', '/auth/me', { token: accessToken })).status).toBe(401);
  });

  it('is not exchanged twice by two requests at once', async () => {
    const first = await login();
    const statuses = (await Promise.all([refresh(first), refresh(first)])).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 401]);
  });

  it('needs its cookie', async () => {
    expect((await gateway.call('POST', '/auth/refresh')).status).toBe(401);
  });
});

describe('pages of other sites', () => {
  it('cannot change anything with the cookies of who looks at them', async () => {
    const cookie = valueOf(cookiesOf(await login())['skyflo_access']);
    const create = (headers: Record<string, string>) =>
      gateway.call('POST', '/conversations', { body: {}, headers: { cookie, ...headers } });
    expect(await create({ origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      body: { code: 'ForeignOrigin' },
    });
    expect((await create({ origin: gateway.url })).status).toBe(201);
    expect((await create({ origin: 'http://console:8080', 'x-forwarded-host': 'console:8080' })).status).toBe(201);
    expect((await create({})).status).toBe(201);
  });
});

describe('people', () => {
  const add = (token: string, about: object = {}) =>
    gateway.call('POST', '/people', {
      token,
      body: { email: 'Bob@Example.com', password, roles: ['operator'], ...about },
    });

  it('are added by admins, each e-mail address once', async () => {
    const { token } = await signIn(gateway, email);
    expect(await add(token)).toMatchObject({
      status: 201,
      body: { id: expect.any(String), email: 'bob@example.com', roles: ['operator'] },
    });
    expect(await add(token)).toMatchObject({ status: 409, body: { code: 'EmailTaken' } });
    const bob = await signIn(gateway, 'bob@example.com');
    expect(await add(bob.token)).toMatchObject({ status: 403, body: { code: 'RoleMissing' } });
  });

  it('are refused field by field', async () => {
    const { token } = await signIn(gateway, email);
    const wrong = await add(token, { email: 'no address', password: 'short', roles: ['operator', 'god'] });
    expect(wrong.status).toBe(422);
    const { errors } = wrong.body as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(['/email', '/password', '/roles/1']);
  });

  it('are known to the gate as they are now', async () => {
    const gate = await gateway.busOf('gate');
    const { person, token } = await signIn(gateway, 'bob@example.com');
    const ids = [person.id, PersonId.parse(newId())];
    expect(await gate.ask(FindPeople, { ids })).toEqual({ people: [{ ...person, active: true }] });
    await gateway.sql('update people set active = false where id = $1', [person.id]);
    expect((await gate.ask(FindPeople, { ids })).people).toMatchObject([{ active: false }]);
    expect((await gateway.call('GET', '/auth/me', { token })).status).toBe(401);
    expect((await gateway.call('POST', '/auth/login', { body: { email: person.email, password } })).status).toBe(401);
  });
});
