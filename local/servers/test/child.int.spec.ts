import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startChild } from '../child.ts';
import type { Child } from '../child.ts';
import { identityOf } from '../process-identity.ts';
import { waitFor } from '../wait-for.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'skyflo-child-'));
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

const sh = (name: string, script: string, pidFile?: string): Promise<Child> =>
  startChild({
    name,
    command: '/bin/sh',
    args: ['-c', script],
    logFile: join(dir, `${name}.log`),
    ...(pidFile !== undefined && { pidFile }),
  });
const hasSaid = (child: Child, word: string) =>
  waitFor(async () => (await readFile(child.logFile, 'utf8')).includes(word), { timeoutMs: 3_000, what: word });

describe('startChild', () => {
  it('ends a polite process with its own exit code', async () => {
    const child = await sh('polite', 'trap "exit 3" TERM; echo up; while :; do sleep 0.05; done');
    await hasSaid(child, 'up');
    expect(await child.stop()).toEqual({ code: 3, signal: null });
    expect(child.exit).toEqual({ code: 3, signal: null });
  });

  it('kills one that does not listen, and what it has started', async () => {
    const child = await sh('deaf', 'trap "" TERM; sleep 60 & echo child $!; while :; do sleep 0.05; done');
    await hasSaid(child, 'child');
    const grandchild = Number((await readFile(child.logFile, 'utf8')).replace('child ', ''));
    expect(await child.stop({ graceMs: 100 })).toEqual({ code: null, signal: 'SIGKILL' });
    await waitFor(() => identityOf(grandchild) === undefined, { timeoutMs: 2_000, what: 'its child to end' });
  });

  it('first kills what a killed parent has left behind under the same pid file', async () => {
    const pidFile = join(dir, 'server.pid');
    const old = await sh('old', 'sleep 60', pidFile);
    const next = await sh('next', 'sleep 60', pidFile);
    expect(await old.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await readFile(pidFile, 'utf8')).toContain(identityOf(next.pid));
    await next.stop();
    expect(existsSync(pidFile)).toBe(false);
  });

  it('leaves alone what a living parent still looks after', async () => {
    const pidFile = join(dir, 'used.pid');
    const used = await sh('used', 'sleep 60', pidFile);
    await writeFile(pidFile, `${identityOf(used.pid)}\n${identityOf(process.ppid)}`);
    await expect(sh('second', 'sleep 60', pidFile)).rejects.toThrow(`in use by process ${process.ppid}`);
    expect(used.exit).toBeUndefined();
    await used.stop();
  });

  it('passes on nothing of our environment but what every program needs', async () => {
    process.env['CHILD_SPEC_KEY'] = 'secret';
    const child = await sh('env', 'env');
    await child.exited;
    const said = await readFile(child.logFile, 'utf8');
    expect(said).toContain('PATH=');
    expect(said).not.toContain('secret');
  });

  it('rejects when there is no such program', async () => {
    const missing = startChild({ name: 'missing', command: join(dir, 'missing'), logFile: join(dir, 'missing.log') });
    await expect(missing).rejects.toThrow('ENOENT');
  });
});

describe('waitFor', () => {
  it('gives up with the last words of a process that has ended', async () => {
    const child = await sh('broken', 'echo the port is taken; exit 1');
    const waiting = waitFor(() => false, { timeoutMs: 5_000, what: 'it', child });
    await expect(waiting).rejects.toThrow(/broken ended with code 1[^]*the port is taken/);
  });
});
