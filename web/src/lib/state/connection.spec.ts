// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionState } from './connection.svelte.ts';

describe('what people are told about the connection', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('is nothing when a break is over within a second', () => {
    const connection = new ConnectionState();
    connection.report('reconnecting');
    vi.advanceTimersByTime(900);
    connection.report('live');
    vi.advanceTimersByTime(5_000);
    expect(connection.strip).toBe('none');
  });

  it('is that it reconnects, then what was caught up, then nothing', () => {
    const connection = new ConnectionState();
    connection.report('reconnecting');
    vi.advanceTimersByTime(1_000);
    expect([connection.strip, connection.live]).toEqual(['reconnecting', false]);
    connection.report('live');
    connection.countEvent();
    connection.countEvent();
    expect([connection.strip, connection.caughtUp]).toEqual(['back', 2]);
    vi.advanceTimersByTime(2_000);
    expect(connection.strip).toBe('none');
  });

  it('is since when, where the computer itself has no network', () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const connection = new ConnectionState();
    const since = Date.now();
    connection.report('reconnecting');
    vi.advanceTimersByTime(1_000);
    expect([connection.strip, connection.since]).toEqual(['offline', since]);
  });

  it('changes its word when the network is back and the gateway is not', () => {
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const connection = new ConnectionState();
    connection.report('reconnecting');
    vi.advanceTimersByTime(1_000);
    onLine.mockReturnValue(true);
    connection.report('reconnecting');
    expect(connection.strip).toBe('reconnecting');
  });

  it('comes from the stream where there is one, else from the lists', () => {
    const connection = new ConnectionState();
    const end = connection.streamed();
    connection.reportAnswer(false);
    vi.advanceTimersByTime(1_000);
    expect(connection.strip).toBe('none');
    end();
    connection.reportAnswer(false);
    vi.advanceTimersByTime(1_000);
    expect(connection.strip).toBe('reconnecting');
  });
});
