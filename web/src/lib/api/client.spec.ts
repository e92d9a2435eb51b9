import { describe, expect, it } from 'vitest';
import { ApiClient } from './client.ts';
import { ApiError } from './problem.ts';

const aNumber = {
  parse(value: unknown): { n: number } {
    const { n } = value as { n: unknown };
    if (typeof n !== 'number') throw new TypeError('n is no number');
    return { n };
  },
};

type Seen = { readonly method: string; readonly path: string };

/** A gateway whose session has expired until somebody refreshes it. */
function anExpiredSession(): { readonly client: ApiClient; readonly seen: Seen[] } {
  const seen: Seen[] = [];
  let fresh = false;
  const client = new ApiClient(async (input, init) => {
    const path = input as string;
    seen.push({ method: init?.method ?? 'GET', path });
    await Promise.resolve();
    if (path.endsWith('/auth/refresh')) {
      fresh = true;
      return new Response('{}', { status: 200 });
    }
    return fresh ? Response.json({ n: 1 }) : new Response('', { status: 401 });
  });
  return { client, seen };
}

function answering(status: number, body: unknown): ApiClient {
  return new ApiClient(() => Promise.resolve(Response.json(body, { status })));
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof ApiError)) throw new Error('an ApiError was expected');
  return thrown;
}

const problem = {
  type: 'about:blank',
  title: 'Unprocessable',
  status: 422,
  detail: 'The message is empty.',
  code: 'InvalidBody',
  errors: [{ field: '/content', message: 'must not be empty' }],
};

describe('calls to the gateway', () => {
  it('refresh an expired session once and repeat', async () => {
    const { client, seen } = anExpiredSession();
    expect(await client.call('/conversations', { answer: aNumber })).toEqual({ n: 1 });
    expect(seen.map((each) => each.path)).toEqual([
      '/api/v1/conversations',
      '/api/v1/auth/refresh',
      '/api/v1/conversations',
    ]);
  });

  it('share one refresh when several find the session expired', async () => {
    const { client, seen } = anExpiredSession();
    await Promise.all(['/a', '/b', '/c'].map((path) => client.call(path)));
    expect(seen.filter((each) => each.path.endsWith('/auth/refresh'))).toHaveLength(1);
  });

  it('take a refused login for what it is, without refreshing', async () => {
    const client = answering(401, { ...problem, status: 401, detail: 'E-mail and password do not match.' });
    const error = await errorOf(client.call('/auth/login', { method: 'POST', body: {} }));
    expect([error.status, error.message]).toEqual([401, 'E-mail and password do not match.']);
  });

  it('throw the problem document with the field that is wrong', async () => {
    const error = await errorOf(
      answering(422, problem).call('/conversations/x/messages', { method: 'POST', body: {} }),
    );
    expect(error.field('content')).toBe('must not be empty');
    expect(error.field('title')).toBeUndefined();
  });

  it('explain an answer that is no problem document', async () => {
    const client = new ApiClient(() => Promise.resolve(new Response('<html>', { status: 502 })));
    expect((await errorOf(client.call('/auth/me'))).message).toContain('cannot answer right now');
  });

  it('say so when nothing answers at all', async () => {
    const client = new ApiClient(() => Promise.reject(new TypeError('fetch failed')));
    expect((await errorOf(client.call('/auth/me'))).problem.code).toBe('Unreachable');
  });

  it('refuse an answer of another shape', async () => {
    await expect(answering(200, { n: 'one' }).call('/x', { answer: aNumber })).rejects.toThrow();
  });
});
