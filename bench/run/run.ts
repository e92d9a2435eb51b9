/** `npm run bench -- run`: the whole product over its HTTP surface, with a scripted model of zero delay. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '@skyflo/contracts';
import { SkyfloClient } from '@skyflo/testkit';
import { startModelServer } from '../../local/model/index.ts';
import { freePort, waitFor } from '../../local/servers/index.ts';
import { startStack, type Stack, type StackFile } from '../../local/stack/index.ts';
import type { Figure } from '../figure.ts';
import { cpuSeconds, type Memory, memoryOf, sum } from '../processes.ts';
import {
  approveToFinished,
  type Arrivals,
  firstToken,
  fiveReads,
  modelFirstToken,
  readRound,
  streamAtOnce,
} from './measure.ts';
import { model, script } from './script.ts';

const email = 'bench@example.org';
const password = 'correct horse battery staple';
const ours: readonly string[] = [...services, 'console'];
const rounds = 40;
const warmUps = 5;
const conversations = 50;
const streamings = 5;

export async function benchRun(say: (line: string) => void): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'skyflo-bench-'));
  const server = await startModelServer({ scripts: [script] });
  try {
    // The first start makes the data; what people wait for every day is the second.
    await (await start(dataDir, server.url)).stack.stop();
    const { stack, readyMs } = await start(dataDir, server.url);
    try {
      return [
        { name: 'start to ready, caches warm', unit: 's', values: [readyMs / 1_000], aim: 10 },
        ...(await measureAll(stack, server.url, say)),
      ];
    } finally {
      await stack.stop();
    }
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function start(dataDir: string, modelUrl: string): Promise<{ stack: Stack; readyMs: number }> {
  const startedAt = performance.now();
  const stack = await startStack({
    dataDir,
    port: await freePort(),
    cluster: { kind: 'sandbox' },
    model: { kind: 'endpoint', baseUrl: modelUrl, name: model, apiKey: undefined },
    admin: { email, password },
    binDir: process.env['SKYFLO_BIN_DIR'],
    otlpUrl: undefined,
    reset: false,
    env: process.env,
    report: { say: () => undefined, done: () => undefined, progress: () => undefined },
  });
  const isReady = async () => {
    const answer = await fetch(`${stack.url}/api/v1/health/ready`);
    const { clusters } = (await answer.json()) as { clusters: { state: string }[] };
    return answer.ok && clusters[0]?.state === 'ready';
  };
  await waitFor(isReady, { timeoutMs: 20 * 60_000, everyMs: 50, what: 'the sandbox to be ready' });
  return { stack, readyMs: performance.now() - startedAt };
}

async function measureAll(stack: Stack, modelUrl: string, say: (line: string) => void): Promise<Figure[]> {
  const pids = await pidsOf(stack);
  const client = await new SkyfloClient(stack.url).login(email, password);
  await sleep(5_000);
  const idle = memoryOfAll(pids);
  const timed = async (what: string, measure: (times: number) => Promise<number[]>) => {
    say(what);
    await measure(warmUps);
    return await measure(rounds);
  };
  const own = await timed('the model by itself', (times) => modelFirstToken(modelUrl, times));
  const ownMs = own.toSorted((a, b) => a - b)[Math.floor(own.length / 2)] ?? 0;
  const first = await timed('first token', (times) => firstToken(client, times));
  const readArrivals: Arrivals = new Map();
  const approvedArrivals: Arrivals = new Map();
  const read = await timed('one read', (times) => readRound(client, times));
  const reads = await timed('five reads', (times) => fiveReads(client, times));
  const approved = await timed('approved writes', (times) => approveToFinished(client, times));
  say('where the time of a read and of an approved write goes');
  const before = cpuOfAll(pids);
  await readRound(client, rounds, readArrivals);
  const readCpu = cpuSince(before, pids);
  await approveToFinished(client, rounds, approvedArrivals);
  const streamed = [];
  for (let n = 0; n < streamings; n += 1) {
    say(`${conversations} conversations at once, ${n + 1} of ${streamings}`);
    const beforeAnswers = cpuOfAll(pids);
    const { tokens, tokensPerSecond } = await streamAtOnce(client, conversations);
    const used = cpuSince(beforeAnswers, pids);
    const per = (names: readonly string[]) => (sum(names.map((name) => used.get(name) ?? 0)) / tokens) * 1_000;
    streamed.push({ tokensPerSecond, ours: per(ours), all: per([...ours, 'nats-server', 'postgres']) });
  }
  const loaded = memoryOfAll(pids);
  return [
    {
      name: 'first token over the model’s own',
      unit: 'ms',
      values: first.map((ms) => ms - ownMs),
      aim: 20,
      original: '111 to 139',
    },
    { name: 'message, one k8s_get, final text', unit: 'ms', values: read, aim: 45, original: '380' },
    { name: 'message, five k8s_get, final text', unit: 'ms', values: reads, aim: 60, original: '1,050' },
    { name: 'approve to tool.finished', unit: 'ms', values: approved, aim: 40, original: '277' },
    {
      name: `${conversations} conversations streaming at once (ideal 2,500)`,
      unit: 'tokens/s',
      values: streamed.map(({ tokensPerSecond }) => tokensPerSecond),
      aim: 2_300,
      more: true,
      original: '457',
    },
    {
      name: 'CPU per 1,000 streamed tokens, services and console',
      unit: 's',
      values: streamed.map((one) => one.ours),
      aim: 0.15,
      original: '2.2',
    },
    { name: 'the same with nats-server and Postgres', unit: 's', values: streamed.map((one) => one.all) },
    {
      name: 'PSS of services and console, idle',
      unit: 'MiB',
      values: [total(idle, 'pssMiB')],
      original: '391 (RSS of 3 processes)',
    },
    {
      name: 'PSS of services and console, after all this',
      unit: 'MiB',
      values: [total(loaded, 'pssMiB')],
      aim: 450,
      original: '549 (RSS of 3 processes)',
    },
    ...arrivalsOf('read', readArrivals, afterAMessage),
    ...arrivalsOf('approved write', approvedArrivals, afterADecision),
    ...[...readCpu].map(([name, seconds]) => ({
      name: `read: CPU of ${name}`,
      unit: 'ms',
      values: [(seconds / rounds) * 1_000],
    })),
    ...[...loaded].flatMap(([name, after]): Figure[] => [
      { name: `${name}: PSS idle`, unit: 'MiB', values: [idle.get(name)?.pssMiB ?? Number.NaN] },
      { name: `${name}: PSS after`, unit: 'MiB', values: [after.pssMiB] },
      { name: `${name}: RSS idle`, unit: 'MiB', values: [idle.get(name)?.rssMiB ?? Number.NaN] },
      { name: `${name}: RSS after`, unit: 'MiB', values: [after.rssMiB] },
    ]),
  ];
}

type Pids = ReadonlyMap<string, number>;

async function pidsOf({ layout }: Stack): Promise<Pids> {
  const { processes } = JSON.parse(await readFile(layout.stackFile, 'utf8')) as StackFile;
  return new Map(processes.map(({ name, pid }) => [name, pid]));
}

const afterAMessage = [
  'run.requested',
  'model.started',
  'model.completed',
  'tool.requested',
  'gate.passed',
  'tool.finished',
  'model.completed (2)',
  'run.completed',
];
const afterADecision = ['approval.decided', 'gate.passed', 'tool.started', 'tool.finished'];

function arrivalsOf(what: string, arrivals: Arrivals, names: readonly string[]): Figure[] {
  return names.flatMap((name) => {
    const values = arrivals.get(name);
    return values === undefined ? [] : [{ name: `${what}: ${name} arrived`, unit: 'ms', values }];
  });
}

const cpuSince = (before: ReadonlyMap<string, number>, pids: Pids) =>
  new Map([...cpuOfAll(pids)].map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)]));
const cpuOfAll = (pids: Pids) => new Map([...pids].map(([name, pid]) => [name, cpuSeconds(pid)]));
const memoryOfAll = (pids: Pids) =>
  new Map([...pids].filter(([name]) => ours.includes(name)).map(([name, pid]) => [name, memoryOf(pid)]));
const total = (memory: ReadonlyMap<string, Memory>, key: keyof Memory) =>
  sum([...memory.values()].map((one) => one[key]));
