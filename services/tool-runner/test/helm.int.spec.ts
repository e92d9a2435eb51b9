import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@skyflo/contracts';
import { HelmCharts } from '../src/adapters/helm-charts.ts';
import { runProgram } from '../src/adapters/run-program.ts';
import { aChartRepository } from './a-chart-repository.ts';
import { aWorld, type World } from './a-world.ts';

const program = process.env['SKYFLO_TEST_HELM'] ?? '';
let repository: Awaited<ReturnType<typeof aChartRepository>>;
let world: World;
beforeAll(async () => {
  repository = await aChartRepository(program);
  world = await aWorld({
    TOOL_RUNNER_HELM: program,
    TOOL_RUNNER_CHART_REPOSITORIES: JSON.stringify([{ name: 'demo', url: repository.url }]),
  });
});
afterAll(async () => {
  await world.close();
  await repository.close();
});

const failing = async (tool: string, args: JsonObject) => (await world.ask(tool, args).read()).data;
async function ask(tool: string, args: JsonObject): Promise<{ text: string; facts: unknown }> {
  const { type, data } = await world.ask(tool, args).read();
  if (type !== 'tool.finished.v1') throw new Error(JSON.stringify(data));
  return { text: data.text ?? '', facts: data.facts };
}
const leftBehind = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`skyflo-helm-${process.pid}-`));

describe('charts', () => {
  it('are found in the configured repositories', async () => {
    await expect(ask('helm_repo_list', {})).resolves.toMatchObject({ text: `NAME  URL\ndemo  ${repository.url}` });
    const { text, facts } = await ask('helm_search', { keyword: 'shop front' });
    expect(facts).toEqual({ count: 2 });
    expect(text).toMatch(/^NAME +VERSION +APP VERSION +DESCRIPTION\n/);
    expect(text).toMatch(/\ndemo\/web +1\.1\.0 +2\.0 +A small shop front/);
    const all = await ask('helm_search', { keyword: 'web', all_versions: true });
    expect(all.text).toMatch(/\ndemo\/web +1\.1\.0 .*\ndemo\/web +1\.0\.0 /);
  });

  it('are shown before they are installed, in any version', async () => {
    const { text } = await ask('helm_show', { chart: 'demo/web' });
    expect(text).toContain('replicas: 1\ntag: "2.0"');
    await expect(ask('helm_show', { chart: 'demo/web', version: '1.0.0', what: 'chart' })).resolves.toMatchObject({
      text: expect.stringContaining('version: 1.0.0'),
    });
    await expect(ask('helm_show', { chart: 'demo/web', what: 'readme' })).resolves.toMatchObject({
      text: expect.stringContaining('# web'),
    });
  });

  it('are rendered with values, secrets masked wherever they come to stand', async () => {
    const values = { replicas: 3, sessionToken: 'tok-abcdef-123' };
    const asked = { name: 'front', namespace: 'shop', chart: 'demo/web', version: '1.1.0', values };
    const { text, facts } = await ask('helm_template', asked);
    expect(facts).toEqual({ chart: 'web-1.1.0', count: 3 });
    expect(text).toContain('# web/templates/web.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: front');
    expect(text).toContain('  replicas: 3\n');
    expect(text).toContain('--session=***');
    expect(text).not.toContain('tok-abcdef');
  });

  it('come from nowhere else: another repository, another host, a file, a flag', async () => {
    await expect(failing('helm_show', { chart: 'other/web' })).resolves.toMatchObject({
      failure: { code: 'InvalidArguments', message: 'chart: there is no chart repository "other"; there is demo.' },
    });
    for (const chart of ['https://charts.invalid/web.tgz', '../web', '/etc/passwd', 'demo/--repo=x', 'oci://x/y'])
      await expect(failing('helm_show', { chart })).resolves.toMatchObject({
        failure: { code: 'InvalidArguments', message: expect.stringContaining('chart: It is no chart') },
      });
    await expect(failing('helm_show', { chart: 'demo/web', version: '9.9.9' })).resolves.toMatchObject({
      failure: { code: 'HelmFailed', message: expect.stringMatching(/^helm pull failed: .*9\.9\.9/) },
    });
  });

  it('leave nothing on the disk', async () => {
    await expect(leftBehind()).resolves.toEqual([]);
  });
});

describe('a program that is run', () => {
  const bounds = { cwd: tmpdir(), env: {}, maxBytes: 1_000_000 };
  const node = process.execPath;

  it('takes arguments as they are, and inherits no variable', async () => {
    const script = 'console.log(JSON.stringify([process.argv.slice(1), Object.keys(process.env)]))';
    const words = ['$(id)', ';id', 'a b', "'"];
    const run = await runProgram(node, ['-e', script, '--', ...words], {
      ...bounds,
      signal: AbortSignal.timeout(60_000),
    });
    expect(JSON.parse(run.stdout)).toEqual([words, []]);
  });

  it('is killed with all that it started when nobody waits for it any more', async () => {
    const stopping = new AbortController();
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      require('node:fs').writeFileSync(process.argv[1], String(child.pid));
      setInterval(() => {}, 1000)`;
    const file = `${tmpdir()}/skyflo-child-${process.pid}`;
    const running = runProgram(node, ['-e', script, '--', file], { ...bounds, signal: stopping.signal });
    const pid = await eventually(async () => Number(await readFileOrEmpty(file)) || undefined);
    stopping.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await expect(eventually(() => Promise.resolve(isAlive(pid) ? undefined : 'gone'))).resolves.toBe('gone');
    await rm(file);
  });

  it('is ended when it prints without end', async () => {
    const script = 'const more = () => process.stdout.write("x".repeat(100_000), more); more()';
    const signal = AbortSignal.timeout(60_000);
    await expect(runProgram(node, ['-e', script], { ...bounds, signal })).rejects.toMatchObject({
      code: 'TooMuchOutput',
    });
  });
});

describe('without the program', () => {
  it('it is said, and what needs no program goes on', async () => {
    const charts = new HelmCharts({ program: '/nowhere/helm', repositories: [{ name: 'demo', url: repository.url }] });
    const signal = AbortSignal.timeout(60_000);
    await expect(charts.show({ repository: 'demo', chart: 'web' }, 'values', signal)).rejects.toMatchObject({
      code: 'HelmMissing',
      hint: 'Releases can be read without it: helm_list, helm_get.',
    });
    expect(charts.repositories()).toHaveLength(1);
  });
});

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await setTimeout(50);
  }
}

async function readFileOrEmpty(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
