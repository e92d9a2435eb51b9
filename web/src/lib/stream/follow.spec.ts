// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow, type Connection } from './follow.ts';

/** The browser's EventSource, as far as `follow` uses it, driven by the test. */
class ScriptedSource extends EventTarget {
  static readonly CLOSED = 2;
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
  }

  say(type: string, data: object, lastEventId: string): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
  }

  breaks(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.();
  }

  close(): void {
    this.readyState = ScriptedSource.CLOSED;
  }
}

const started = {
  id: '1',
  type: 'run.started.v1',
  time: '2026-11-24T14:00:00.000Z',
  runid: 'r',
  data: { model: 'demo' },
};

/** `away` is how many times the gateway does not answer before it does. */
function aFollowing({ away = 0 } = {}): {
  sources: ScriptedSource[];
  seen: string[];
  states: Connection[];
  reloads: number[];
  stop: () => void;
} {
  const sources: ScriptedSource[] = [];
  const [seen, states, reloads]: [string[], Connection[], number[]] = [[], [], []];
  let silent = away;
  const stop = follow({
    cursor: '7',
    url: (cursor) => `/events?cursor=${cursor ?? ''}`,
    onEvent: (event, cursor) => seen.push(`${event.type}@${cursor}`),
    reload: () => Promise.resolve(String(100 + reloads.push(1))),
    onConnection: (state) => states.push(state),
    renew: () => (silent-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve()),
    open: (url) => {
      const source = new ScriptedSource(url);
      sources.push(source);
      return source as unknown as EventSource;
    },
  });
  return { sources, seen, states, reloads, stop };
}

describe('following a conversation', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('EventSource', ScriptedSource);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('begins where the snapshot ends', () => {
    expect(aFollowing().sources[0]?.url).toBe('/events?cursor=7');
  });

  it('hands on events with their cursor, and leaves out what it does not know', () => {
    const { sources, seen } = aFollowing();
    sources[0]?.say('run.started', started, '8');
    sources[0]?.say('run.started', { ...started, data: { model: 5 } }, '9');
    sources[0]?.say('comet.seen', { ...started, type: 'comet.seen.v1' }, '10');
    expect(seen).toEqual(['run.started.v1@8']);
  });

  it('leaves a broken connection to the browser', async () => {
    const { sources, states } = aFollowing();
    sources[0]?.onopen?.();
    sources[0]?.breaks(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sources).toHaveLength(1);
    expect(states).toEqual(['connecting', 'live', 'reconnecting']);
  });

  it('opens a refused stream again from the last cursor it saw', async () => {
    const { sources } = aFollowing();
    sources[0]?.say('run.started', started, '8');
    sources[0]?.breaks(ScriptedSource.CLOSED);
    await vi.advanceTimersByTimeAsync(600);
    expect(sources.map((source) => source.url)).toEqual(['/events?cursor=7', '/events?cursor=8']);
  });

  it('loads a new snapshot when its cursor is too old, and goes on from there', async () => {
    const { sources, reloads } = aFollowing();
    sources[0]?.say('reset', {}, '');
    await vi.advanceTimersByTimeAsync(0);
    expect([reloads.length, sources[0]?.readyState]).toEqual([1, ScriptedSource.CLOSED]);
    expect(sources.at(-1)?.url).toBe('/events?cursor=101');
  });

  it('keeps trying to load that snapshot while nobody answers', async () => {
    const { sources, reloads } = aFollowing({ away: 3 });
    sources[0]?.say('reset', {}, '');
    await vi.advanceTimersByTimeAsync(10_000);
    expect([reloads.length, sources.at(-1)?.url]).toEqual([1, '/events?cursor=101']);
  });

  it('opens no stream while nobody answers, and asks ever more rarely', async () => {
    const { sources } = aFollowing({ away: 4 });
    sources[0]?.breaks(ScriptedSource.CLOSED);
    await vi.advanceTimersByTimeAsync(500 + 1000 + 2000 + 4000);
    expect(sources).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(sources).toHaveLength(2);
  });

  it('says so when the network goes, and opens its stream again at once when it is back', async () => {
    const { sources, states } = aFollowing();
    sources[0]?.onopen?.();
    sources[0]?.say('run.started', started, '8');
    globalThis.dispatchEvent(new Event('offline'));
    expect(states.at(-1)).toBe('reconnecting');
    globalThis.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
    expect([sources[0]?.readyState, sources.at(-1)?.url]).toEqual([ScriptedSource.CLOSED, '/events?cursor=8']);
  });

  it('has one stream open even if the network comes back several times', async () => {
    const { sources, stop } = aFollowing();
    for (let times = 0; times < 3; times += 1) globalThis.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sources.filter((source) => source.readyState !== ScriptedSource.CLOSED)).toHaveLength(1);
    stop();
    globalThis.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sources.filter((source) => source.readyState !== ScriptedSource.CLOSED)).toHaveLength(0);
  });

  it('opens nothing more once it was stopped', async () => {
    const { sources, stop } = aFollowing();
    sources[0]?.breaks(ScriptedSource.CLOSED);
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sources).toHaveLength(1);
  });
});
