import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  FindApprovals,
  FindConversations,
  FindQueue,
  FindTools,
  type Health,
  type ServiceName,
} from '@skyflo/contracts';
import { aGateway, type Gateway } from './a-gateway.ts';

let gateway: Gateway;
const answering = new Map<ServiceName, { stop(): Promise<void> }>();

beforeAll(async () => {
  gateway = await aGateway();
  const [persistence, gate, runner, planner] = await Promise.all([
    gateway.busOf('persistence'),
    gateway.busOf('gate'),
    gateway.busOf('tool-runner'),
    gateway.busOf('planner'),
  ]);
  answering.set(
    'persistence',
    persistence.answer(FindConversations, async () => ({ items: [] })),
  );
  answering.set(
    'gate',
    gate.answer(FindApprovals, async () => ({ items: [] })),
  );
  answering.set(
    'tool-runner',
    runner.answer(FindTools, async () => ({ tools: [], clusters: [] })),
  );
  answering.set(
    'planner',
    planner.answer(FindQueue, async () => ({ turn: null, queued: [] })),
  );
});
afterAll(() => gateway.close());

/** What it says is good for a moment; waits until it says something about the services as they are now. */
async function readyUntil(fits: (health: Health) => boolean) {
  for (;;) {
    const answer = await gateway.call('GET', '/health/ready');
    if (fits(answer.body)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it.each(['planner', 'gate', 'tool-runner', 'persistence'] as const)(
  'names %s when it no longer answers, and says when to come back',
  async (service) => {
    const before = Object.fromEntries([...answering.keys()].map((name) => [name, 'ready']));
    expect((await readyUntil(({ services }) => services[service] === 'ready')).body).toMatchObject({
      services: before,
    });
    await answering.get(service)?.stop();
    answering.delete(service);
    const after = await readyUntil(({ services }) => services[service] === 'unavailable');
    expect(after).toMatchObject({ status: 503, body: { status: 'unavailable', services: { gateway: 'ready' } } });
    expect(Number(after.headers.get('retry-after'))).toBeGreaterThan(0);
  },
  30_000,
);
