import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startChild } from '../servers/child.ts';
import { waitFor } from '../servers/wait-for.ts';
import { Supervisor } from './supervisor.ts';
import type { ProcessSpec } from './supervisor.ts';

const backoff = { firstMs: 20, mostMs: 80, healthyMs: 60_000 };

describe('the supervisor', () => {
  let folder: string;
  let troubles: string[];
  let ended: string[];
  let supervisor: Supervisor;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'skyflo-supervisor-'));
    troubles = [];
    ended = [];
    supervisor = new Supervisor({ onChange: () => {}, onTrouble: (sentence) => troubles.push(sentence), backoff });
  });
  afterEach(async () => {
    await supervisor.stop();
    rmSync(folder, { recursive: true });
  });

  const aProcess = (name: string, over: Partial<ProcessSpec> & { args?: string[] } = {}): ProcessSpec => ({
    name,
    port: undefined,
    stage: 0,
    start: async () => {
      const { args = ['60'] } = over;
      const child = await startChild({ name, command: 'sleep', args, logFile: join(folder, `${name}.log`) });
      void child.exited.then(() => ended.push(name));
      return { child, stop: () => child.stop() };
    },
    ...over,
  });
  const pidOf = (name: string) => supervisor.processes.find((one) => one.name === name)?.pid;

  it('starts again what was killed, and says so', async () => {
    const { pid } = await supervisor.start(aProcess('planner', { port: 4711 }));
    expect(supervisor.processes).toEqual([{ name: 'planner', pid, port: 4711 }]);
    process.kill(pid, 'SIGKILL');
    await waitFor(() => pidOf('planner') !== undefined && pidOf('planner') !== pid, {
      timeoutMs: 5_000,
      what: 'another',
    });
    expect(troubles).toEqual(['planner ended with SIGKILL and is started again']);
  });

  it('leaves growing pauses to what keeps dying', async () => {
    const starts: number[] = [];
    const dying = aProcess('dying', { args: ['0'] });
    await supervisor.start({ ...dying, start: () => (starts.push(performance.now()), dying.start()) });
    await waitFor(() => starts.length >= 4, { timeoutMs: 5_000, what: 'four starts', everyMs: 5 });
    const pauses = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    expect(pauses[0]).toBeGreaterThanOrEqual(20);
    expect(pauses[2]).toBeGreaterThanOrEqual(80);
  });

  it('goes on trying when a start fails, and tells why', async () => {
    const good = aProcess('gate');
    let count = 0;
    const start = () => (++count === 2 ? Promise.reject(new Error('no port')) : good.start());
    const { pid } = await supervisor.start({ ...good, start });
    process.kill(pid, 'SIGKILL');
    await waitFor(() => count === 3 && pidOf('gate') !== undefined, { timeoutMs: 5_000, what: 'the third start' });
    expect(troubles).toContain('gate could not be started: no port');
  });

  it('rejects when the first start fails, and watches nothing then', async () => {
    const start = () => Promise.reject(new Error('never'));
    await expect(supervisor.start(aProcess('never', { start }))).rejects.toThrow('never');
    expect(supervisor.processes).toEqual([]);
  });

  it('stops later stages first', async () => {
    await supervisor.start(aProcess('postgres'));
    await supervisor.start(aProcess('console', { stage: 2 }));
    await supervisor.start(aProcess('gateway', { stage: 1 }));
    await supervisor.stop();
    expect(ended).toEqual(['console', 'gateway', 'postgres']);
    expect(supervisor.processes).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('also ends what it was just starting again', async () => {
    const slow = aProcess('slow');
    let count = 0;
    const start = async () => {
      if (++count > 1) await delay(100);
      return slow.start();
    };
    const { pid } = await supervisor.start({ ...slow, start });
    process.kill(pid, 'SIGKILL');
    await waitFor(() => count === 2, { timeoutMs: 5_000, what: 'the second start', everyMs: 5 });
    await supervisor.stop();
    expect(ended).toEqual(['slow', 'slow']);
  });
});
