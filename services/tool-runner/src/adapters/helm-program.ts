import { access, constants, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@skyflo/contracts';
import { maskText } from '../domain/mask.ts';
import { runProgram } from './run-program.ts';

const maxBytes = 32 * 1024 * 1024;

/** One use of helm: a folder that only we can read and that is gone afterwards, with everything helm would keep at home. */
export type HelmUse = {
  readonly folder: string;
  /** What it printed. Flags in joined form, `--` before what is positional: no argument is ever taken for another. */
  readonly run: (args: readonly string[], signal: AbortSignal) => Promise<string>;
};

/** Throws a terminal Failure `HelmMissing` where the program is not there (yet). */
export async function withHelm<T>(program: string | undefined, work: (use: HelmUse) => Promise<T>): Promise<T> {
  const file = await assertThere(program);
  const folder = await mkdtemp(join(tmpdir(), `skyflo-helm-${process.pid}-`));
  try {
    const env = await homeIn(folder);
    const run: HelmUse['run'] = async (args, signal) => {
      const { code, stdout, stderr } = await runProgram(file, args, { cwd: folder, env, signal, maxBytes });
      if (code === 0) return stdout;
      throw Failure.terminal('HelmFailed', `helm ${args[0] ?? ''} failed: ${lastWords(stderr, folder)}`);
    };
    return await work({ folder, run });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function assertThere(program: string | undefined): Promise<string> {
  const isThere =
    program !== undefined &&
    (await access(program, constants.X_OK).then(
      () => true,
      () => false, // Absent, or still being built.
    ));
  if (isThere) return program;
  throw Failure.terminal('HelmMissing', 'There is no helm program here, so charts can be neither read nor rendered.', {
    hint: 'Releases can be read without it: helm_list, helm_get.',
  });
}

/** No plugins, no repositories, no registries, no cluster but what a caller puts there. */
async function homeIn(folder: string): Promise<NodeJS.ProcessEnv> {
  const home = (name: string) => join(folder, 'home', name);
  for (const name of ['cache', 'config', 'data', 'plugins']) await mkdir(home(name), { recursive: true });
  return {
    HOME: join(folder, 'home'),
    HELM_CACHE_HOME: home('cache'),
    HELM_CONFIG_HOME: home('config'),
    HELM_DATA_HOME: home('data'),
    HELM_PLUGINS: home('plugins'),
    HELM_DRIVER: 'secret',
    KUBECONFIG: join(folder, 'kubeconfig'),
  };
}

/** Without the folder, which says nothing to anybody and never is the same twice. */
function lastWords(stderr: string, folder: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.replaceAll(`${folder}/`, '').trim())
    .filter((line) => line !== '' && !/^(level=|WARNING:|I\d{4} )/.test(line));
  const text = maskText(
    lines
      .slice(-5)
      .join(' ')
      .replace(/^Error: /, ''),
  );
  return text === '' ? 'it did not say why.' : text.length <= 1_000 ? text : `${text.slice(0, 1_000)}…`;
}
