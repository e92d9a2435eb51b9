import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startChild } from '../servers/child.ts';
import { removePostgres, startPostgres } from '../servers/postgres.ts';
import type { Postgres } from '../servers/postgres.ts';

describe('Postgres as a server of ours', () => {
  let folder: string;
  let options: { folder: string; logFile: string; durable: false };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skyflo-postgres-')); // 0700, as a clone in a private folder is.
    options = { folder: join(folder, 'server'), logFile: join(folder, 'postgres.log'), durable: false };
  });
  afterAll(async () => {
    removePostgres(options.folder);
    await rm(folder, { recursive: true, force: true });
  });

  it('finds its data again at the next start', async () => {
    const first = await startPostgres(options);
    await query(first, 'create table kept (n int)');
    await query(first, 'insert into kept values (42)');
    await first.stop();

    const second = await startPostgres(options);
    const rows = await query(second, 'select n from kept');
    await second.stop();

    expect(rows).toEqual([{ n: 42 }]);
  });

  it('lets nobody in without the password, and keeps that where only its owner can read it', async () => {
    const server = await startPostgres(options);
    const url = new URL(server.url);
    url.password = 'wrong';
    const refused = connect(url.href).then(
      () => 'let in',
      (error: { code?: string }) => error.code,
    );
    await expect(refused).resolves.toBe('28P01');
    await server.stop();
    expect((await stat(join(options.folder, 'password'))).mode & 0o077).toBe(0);
  });

  it('ends the server that a killed parent has left on its data, and starts', async () => {
    const left = await startPostgres(options);
    await query(left, 'insert into kept values (43)');

    const next = await startPostgres(options);

    await left.child.exited;
    expect(await query(next, 'select n from kept order by n')).toEqual([{ n: 42 }, { n: 43 }]);
    await next.stop();
  });

  it('starts although the number in its pid file now belongs to somebody else', async () => {
    const other = await startChild({
      name: 'other',
      command: 'sleep',
      args: ['60'],
      logFile: join(folder, 'other.log'),
    });
    const killed = await startPostgres(options);
    await killed.child.stop({ graceMs: 0 });
    const file = join(options.folder, 'data/postmaster.pid');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^\d+/, String(other.pid)));

    const server = await startPostgres(options);

    expect(other.exit).toBeUndefined();
    await server.stop();
    await other.stop({ graceMs: 0 });
  });

  it('listens on the loopback interface only', async () => {
    const server = await startPostgres(options);
    expect(await query(server, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(server, 'show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
    const socket = createConnection({ host: '127.0.0.1', port: server.port });
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    await server.stop();
  });
});

async function query(server: Postgres, sql: string): Promise<unknown[]> {
  const client = await connect(server.url);
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // The server may be stopped under an idle client.
  await client.connect();
  return client;
}
