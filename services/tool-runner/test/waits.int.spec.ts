import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunStopRequested } from '@skyflo/contracts';
import { aWorld, mara, type World } from './a-world.ts';

// Pods have to become ready on a machine that may be busy with other suites.
jest.setTimeout(30_000);

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(async () => {
  await world.close();
});

const wait = (args: { kind: string; name: string; until?: string; timeout_s?: number; uid?: string }) =>
  world.ask('k8s_wait', { namespace: world.namespace, ...args });

const aHeld = (name: string) =>
  world.set(
    'create',
    { group: '', resource: 'configmaps', name },
    { metadata: { name, finalizers: ['example.org/held'] } },
  );

/** Waits until the call is being worked at. */
async function underWay(callId: string): Promise<void> {
  for (;;) {
    const [row] = await world.sql('select 1 from calls where call_id = $1 and started_at is not null', [callId]);
    if (row) return;
    await new Promise((next) => setTimeout(next, 20));
  }
}

describe('a wait', () => {
  it('ends as soon as a workload is settled, and a pod ready', async () => {
    await world.createDeployment('web');
    const { data } = await wait({ kind: 'deploy', name: 'web' }).read();
    expect(data).toMatchObject({ facts: { done: true, timedOut: false } });
    expect(data).toHaveProperty(
      'text',
      expect.stringMatching(/^Deployment runner-\w+\/web is settled after \d+ s: 2 of 2/),
    );
    const [pod] = await world.podsOf('web');
    const ready = await wait({ kind: 'pod', name: pod?.metadata.name ?? '', until: 'ready' }).read();
    expect(ready.data).toMatchObject({ facts: { done: true } });
  });

  it('for an object to go ends when its last finalizer is taken away', async () => {
    await aHeld('held');
    await world.remove({ group: '', resource: 'configmaps', name: 'held' });
    const call = wait({ kind: 'cm', name: 'held', until: 'gone' });
    await call.request();
    await call.pass();
    await underWay(call.callId);
    await world.set('patch', { group: '', resource: 'configmaps', name: 'held' }, [
      { op: 'remove', path: '/metadata/finalizers' },
    ]);
    await expect(call.closed()).resolves.toMatchObject({ data: { facts: { done: true, seen: 'it is gone' } } });
  });

  it('that runs out of time says so and what it saw, and is no failure', async () => {
    await aHeld('stays');
    await world.remove({ group: '', resource: 'configmaps', name: 'stays' });
    const { type, data } = await wait({ kind: 'cm', name: 'stays', until: 'gone', timeout_s: 1 }).read();
    expect(type).toBe('tool.finished.v1');
    expect(data).toMatchObject({ facts: { done: false, timedOut: true } });
    expect(data).toHaveProperty('text', expect.stringContaining('waits for its finalizers: example.org/held'));
  });

  it('counts an object that was made anew under the name as gone where a uid is given', async () => {
    const { metadata } = await aHeld('anew');
    const here = await wait({ kind: 'cm', name: 'anew', until: 'gone', uid: metadata.uid ?? '', timeout_s: 1 }).read();
    expect(here.data).toMatchObject({ facts: { done: false, seen: 'it is there, and nobody has deleted it' } });
    const other = await wait({ kind: 'cm', name: 'anew', until: 'gone', uid: 'another' }).read();
    expect(other.data).toMatchObject({ facts: { done: true } });
  });

  it('for what is not there, or for ever, is refused at once', async () => {
    const nobody = await wait({ kind: 'deploy', name: 'nobody' }).read();
    expect(nobody.data).toMatchObject({ failure: { code: 'NotFound' } });
    const endless = await wait({ kind: 'deploy', name: 'nobody', timeout_s: 3600 }).read();
    expect(endless.data).toMatchObject({ failure: { code: 'InvalidArguments' } });
  });

  it('ends when its run is stopped', async () => {
    await aHeld('waited');
    const call = wait({ kind: 'cm', name: 'waited', until: 'gone', timeout_s: 300 });
    await call.request();
    await call.pass();
    await underWay(call.callId);
    await world.gateway.say(RunStopRequested, { ...call.at, data: { by: { id: mara.id, email: mara.email } } });
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.cancelled.v1' });
  });

  it('never shows a secret', async () => {
    const target = { group: '', resource: 'secrets', name: 'db' };
    await world.set('create', target, { metadata: { name: 'db' }, stringData: { password: 'hunter22' } });
    const { data } = await wait({ kind: 'secret', name: 'db', until: 'ready', timeout_s: 1 }).read();
    expect(JSON.stringify(data)).not.toMatch(/hunter22|aHVudGVyMjI/);
  });
});
