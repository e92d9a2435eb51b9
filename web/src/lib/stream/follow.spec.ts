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

function aFollowing(): {
  sources: ScriptedSource[];
  seen: string[];
  states: Connection[];
  resets: number[];
  stop: () => void;
} {
  const sources: ScriptedSource[] = [];
  const [seen, states, resets]: [string[], Connection[], number[]] = [[], [], []];
  const stop = follow({
    cursor: '7',
    url: (cursor) => `/events?cursor=${cursor ?? ''}`,
    onEvent: (event, cursor) => seen.push(`${event.type}@${cursor}`),
    onReset: () => resets.push(1),
    onConnection: (state) => states.push(state),
    renew: () => Promise.resolve(true),
    open: (url) => {
      const source = new ScriptedSource(url);
      sources.push(source);
      return source as unknown as EventSource;
    },
  });
  return { sources, seen, states, resets, stop };
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

  it('asks for a new snapshot when its cursor is too old', () => {
    const { sources, resets } = aFollowing();
    sources[0]?.say('reset', {}, '');
    expect([resets.length, sources[0]?.readyState]).toEqual([1, ScriptedSource.CLOSED]);
  });

  it('opens nothing more once it was stopped', async () => {
    const { sources, stop } = aFollowing();
    sources[0]?.breaks(ScriptedSource.CLOSED);
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sources).toHaveLength(1);
  });
});
