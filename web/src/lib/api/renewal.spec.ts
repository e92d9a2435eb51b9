import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from './client.ts';
import { ApiError } from './problem.ts';
import type { Exclusive } from './renewal.ts';

/** The storage that all tabs of one browser share. */
function aStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  const items = new Map<string, string>();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}

/** The lock that all tabs of one browser share. */
function aLock(): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  return (action) => {
    const turn = last.then(action, action);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** A gateway as strict as ours: a refresh token is exchanged once; a second try with it ends the session. */
function aGateway(): { tab: (lock?: Exclusive) => ApiClient; exchanges: () => number; expire: () => void } {
  let [cookie, good, fresh, exchanges] = [0, 0, false, 0];
  const answer = async (path: string, sentCookie: number): Promise<Response> => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!path.endsWith('/auth/refresh')) return new Response('{}', { status: fresh ? 200 : 401 });
    exchanges += 1;
    if (sentCookie !== good) {
      fresh = false;
      return new Response('{}', { status: 401 });
    }
    cookie = good += 1;
    fresh = true;
    return new Response('{}', { status: 200 });
  };
  return {
    tab: (lock) => new ApiClient((input) => answer(input as string, cookie), lock),
    exchanges: () => exchanges,
    expire: () => (fresh = false),
  };
}

describe('tabs that share a session', () => {
  beforeEach(() => vi.stubGlobal('localStorage', aStorage()));
  afterEach(() => vi.unstubAllGlobals());

  it('renew it once between them, however many calls of theirs find it expired at once', async () => {
    const gateway = aGateway();
    const lock = aLock();
    const tabs = [gateway.tab(lock), gateway.tab(lock), gateway.tab(lock)];
    const over = vi.fn();
    for (const tab of tabs) tab.onSignedOut = over;
    await Promise.all(tabs.flatMap((tab) => [tab.call('/a'), tab.call('/b')]));
    expect([gateway.exchanges(), over.mock.calls.length]).toEqual([1, 0]);
  });

  it('renew it again when it expires again', async () => {
    const gateway = aGateway();
    const tab = gateway.tab(aLock());
    await tab.call('/a');
    gateway.expire();
    await tab.call('/a');
    expect(gateway.exchanges()).toBe(2);
  });
});

describe('a session that cannot be renewed', () => {
  const answering = (refresh: () => Response): ApiClient =>
    new ApiClient((input) =>
      Promise.resolve((input as string).endsWith('/auth/refresh') ? refresh() : new Response('', { status: 401 })),
    );

  it('is over when the gateway says so', async () => {
    const client = answering(() => new Response('', { status: 401 }));
    client.onSignedOut = vi.fn();
    await expect(client.call('/a')).rejects.toBeInstanceOf(ApiError);
    expect(client.onSignedOut).toHaveBeenCalledOnce();
  });

  it.each([502, 503, 429])('is not over because the gateway answers %i', async (status) => {
    const client = answering(() => new Response('', { status }));
    client.onSignedOut = vi.fn();
    await expect(client.call('/a')).rejects.toMatchObject({ status });
    expect(client.onSignedOut).not.toHaveBeenCalled();
  });
});
