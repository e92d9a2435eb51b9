import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, NotFound, Played, Program } from './container.ts';

/** The few programs that a container of the sandbox has, by name. A shell is none of them. */
const programs: Readonly<Record<string, Program>> = {
  true: () => said(''),
  false: () => ({ ...said(''), exitCode: 1 }),
  echo: (args) => said(`${args.join(' ')}\n`),
  hostname: (_args, { hostname }) => said(`${hostname}\n`),
  pwd: () => said('/\n'),
  id: () => said('uid=1000(app) gid=1000(app) groups=1000(app)\n'),
  date: () => said(`${new Date().toUTCString()}\n`),
  env: (_args, { env }) => said(list(Object.entries(env).map(([name, value]) => `${name}=${value}`))),
  printenv: printEnv,
  cat,
  ls,
  sleep: async ([seconds = '0'], _container, signal) => {
    await sleep(Number(seconds) * 1000, undefined, { signal });
    return said('');
  },
};

/** Runs one program; what a container does not have is told as container runtimes tell it. */
export async function play(
  [name = '', ...args]: readonly string[],
  container: Container,
  signal: AbortSignal,
): Promise<Played | NotFound> {
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
  return program ? await program(args, container, signal) : { notFound: name };
}

function printEnv(names: readonly string[], { env }: Container): Played {
  if (names.length === 0) return said(list(Object.entries(env).map(([name, value]) => `${name}=${value}`)));
  const known = names.filter((name) => Object.hasOwn(env, name));
  return { ...said(list(known.map((name) => env[name] ?? ''))), exitCode: known.length === names.length ? 0 : 1 };
}

function cat(paths: readonly string[], { files }: Container): Played {
  const found = paths.filter((path) => Object.hasOwn(files, path));
  const lost = paths.filter((path) => !Object.hasOwn(files, path));
  return {
    stdout: found.map((path) => files[path] ?? '').join(''),
    stderr: list(
      lost.map((path) => `cat: ${path}: ${isFolder(path, files) ? 'Is a directory' : 'No such file or directory'}`),
    ),
    exitCode: lost.length === 0 ? 0 : 1,
  };
}

function ls(args: readonly string[], { files }: Container): Played {
  const [path = '/'] = args.filter((arg) => !arg.startsWith('-'));
  if (Object.hasOwn(files, path)) return said(`${path}\n`);
  const folder = path.endsWith('/') ? path : `${path}/`;
  const names = Object.keys(files)
    .filter((file) => file.startsWith(folder))
    .map((file) => file.slice(folder.length).replace(/\/.*$/, ''));
  if (names.length > 0) return said(list([...new Set(names)].toSorted()));
  return { stdout: '', stderr: `ls: ${path}: No such file or directory\n`, exitCode: 1 };
}

function isFolder(path: string, files: Container['files']): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`;
  return Object.keys(files).some((file) => file.startsWith(folder));
}

function said(stdout: string): Played {
  return { stdout, stderr: '', exitCode: 0 };
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
