import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@skyflo/contracts';
import { aReleaseSecret, asReleaseSecret } from './a-release.ts';
import { aWorld, type World } from './a-world.ts';

let world: World;
beforeAll(async () => {
  world = await aWorld();
  const given = { replicas: 2, adminPassword: 'correct-horse-9', secrets: { stripe: 'sk_live_4242424242' } };
  await store(aReleaseSecret({ name: 'web', revision: 9, status: 'superseded', description: 'Install complete' }));
  await store(
    aReleaseSecret({
      name: 'web',
      revision: 10,
      description: 'Upgrade complete',
      chartVersion: '1.3.0',
      values: given,
      chartValues: { replicas: 1, image: 'web:2.0', existingSecret: 'web-secret-name' },
      manifest,
      notes: 'Log in as admin with correct-horse-9.',
      hooks: [{ name: 'migrate', path: 'web/templates/migrate.yaml', manifest: aJob, events: ['pre-upgrade'] }],
    }),
  );
  await store(aReleaseSecret({ name: 'stuck', status: 'pending-install', description: 'Initial install underway' }));
});
afterAll(async () => {
  await world.close();
});

const aJob = 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\nspec:\n  template: {}\n';
const manifest = `---
# Source: web/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: web
stringData:
  session: tok-abcdef-123
---
# Source: web/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          args: [--admin=correct-horse-9, --session, tok-abcdef-123, --pay=sk_live_4242424242]
---
# Source: web/templates/broken.yaml
just: [tok-abcdef-123
`;
const secrets = /correct-horse|tok-abcdef|sk_live/;

const store = ({ metadata, ...secret }: ReturnType<typeof aReleaseSecret>) =>
  world.set('create', { group: '', resource: 'secrets', name: metadata.name }, { metadata, ...secret });
const failing = async (tool: string, args: JsonObject) => (await world.ask(tool, args).read()).data;

async function ask(tool: string, args: JsonObject): Promise<{ text: string; facts: unknown }> {
  const { type, data } = await world.ask(tool, args).read();
  if (type !== 'tool.finished.v1') throw new Error(JSON.stringify(data));
  return { text: data.text ?? '', facts: data.facts };
}
const get = (args: JsonObject) => ask('helm_get', { name: 'web', namespace: world.namespace, ...args });

describe('the list of releases', () => {
  it('shows each release once, by its newest revision, ten being newer than nine', async () => {
    const { text, facts } = await ask('helm_list', { namespace: world.namespace });
    expect(facts).toEqual({ count: 2 });
    expect(text).toMatch(/^NAME +NAMESPACE +REVISION +STATUS +UPDATED +CHART +APP VERSION\nstuck /);
    expect(text).toMatch(new RegExp(`\nweb +${world.namespace} +10 +deployed +\\w+ +web-1\\.3\\.0 +2\\.0$`));
  });

  it('goes over all namespaces, and shows on request only those in one state', async () => {
    const { text } = await ask('helm_list', { status: 'pending' });
    expect(text).toMatch(new RegExp(`\nstuck +${world.namespace} +1 +pending-install `));
    expect(text).not.toMatch(/\nweb /);
    const none = await ask('helm_list', { namespace: world.namespace, status: 'failed' });
    expect(none.text).toBe(`There is no Helm release that is failed in namespace ${world.namespace}.`);
  });
});

describe('one release', () => {
  it('is told with its objects and hooks, where it is and not where its own text says', async () => {
    const { text, facts } = await get({});
    expect(facts).toEqual({ revision: 10, status: 'deployed', chart: 'web-1.3.0', appVersion: '2.0' });
    expect(text).toContain(`Release ${world.namespace}/web: revision 10, deployed\nChart: web-1.3.0 (app 2.0)`);
    expect(text).toContain('Objects (3): Secret web, Deployment web, (no object: web/templates/broken.yaml)');
    expect(text).toContain('Hooks (1): Job migrate at pre-upgrade');
  });

  it('that is pending says what that means and what gets it out', async () => {
    const { text } = await ask('helm_get', { name: 'stuck', namespace: world.namespace });
    expect(text).toMatch(
      /: revision 1, pending-install\nIt is pending for \w+: either somebody is at it, or .* died\.\n/,
    );
    expect(text).toContain('Helm refuses another upgrade until it ends; an uninstall gets it out.');
  });

  it('tells the values that were given, or all of them, without those that are secret', async () => {
    const given = await get({ what: 'values' });
    expect(given.text).toContain('replicas: 2\nadminPassword: "*** (15 bytes)"\nsecrets:\n  stripe: "*** (18 bytes)"');
    const all = await get({ what: 'all_values' });
    expect(all.text).toContain('image: web:2.0\nexistingSecret: web-secret-name\n');
    expect(all.text + given.text).not.toMatch(secrets);
    await expect(get({ what: 'values', revision: 9 })).resolves.toMatchObject({
      text: expect.stringMatching(/^No values were given for .*, revision 9: the chart's own hold\.$/),
    });
  });

  it('shows its manifest, one kind of it where asked, without secrets wherever the chart has put them', async () => {
    const { text } = await get({ what: 'manifest' });
    expect(text).toContain('# web/templates/secret.yaml\napiVersion: v1\nkind: Secret');
    expect(text).toContain('--admin=***\n            - --session\n            - "***"\n            - --pay=***\n');
    expect(text).toContain('# web/templates/broken.yaml\n# Not shown: this part is no object.');
    expect(text).toContain('# web/templates/migrate.yaml (hook: pre-upgrade)\napiVersion: batch/v1\nkind: Job');
    expect(text).not.toMatch(secrets);
    const one = await get({ what: 'manifest', kind: 'deploy' });
    expect(one.text).toMatch(/^---\n# web\/templates\/web\.yaml\napiVersion: apps\/v1\nkind: Deployment\n/);
    expect(one.text.match(/^kind:/gm)).toHaveLength(1);
    await expect(get({ what: 'notes' })).resolves.toMatchObject({ text: 'Log in as admin with ***.' });
  });

  it('has a history, the newest first', async () => {
    const { text, facts } = await get({ what: 'history' });
    expect(facts).toEqual({ count: 2 });
    expect(text).toMatch(
      /\n10 +deployed +\w+ +web-1\.3\.0 +2\.0 +Upgrade complete\n9 +superseded .* Install complete$/,
    );
  });

  it('is refused by the argument that does not fit: release, revision, kind', async () => {
    const { namespace } = world;
    const told = (args: JsonObject) => failing('helm_get', { name: 'web', namespace, ...args });
    await expect(told({ name: 'nothere' })).resolves.toMatchObject({
      failure: { code: 'NotFound', message: `name: there is no Helm release nothere in namespace ${namespace}.` },
    });
    await expect(told({ revision: 3 })).resolves.toMatchObject({
      failure: { message: 'revision: 3 is not stored any more; there is 10, 9.' },
    });
    await expect(told({ what: 'manifest', kind: 'svc' })).resolves.toMatchObject({
      failure: {
        message: expect.stringMatching(/^kind: there is no Service in .*; it has Secret, Deployment, Job\.$/),
      },
    });
  });
});

describe('what somebody put where Helm keeps its releases', () => {
  it('is said to be unreadable, a bomb and what is no release, and hides nothing else', async () => {
    const { namespace } = world;
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    await store(asReleaseSecret({ name: 'bomb', revision: 1, status: 'deployed' }, bomb));
    await store(asReleaseSecret({ name: 'odd', revision: 1, status: 'deployed' }, Buffer.from('hello')));
    const { text } = await ask('helm_list', { namespace });
    expect(text).toMatch(/\nbomb .* deployed +\(unreadable\)\nodd .*\n.*\nweb .* web-1\.3\.0/);
    await expect(failing('helm_get', { name: 'bomb', namespace })).resolves.toMatchObject({
      failure: {
        code: 'ReleaseUnreadable',
        message: expect.stringMatching(/bomb cannot be read: it is larger than 16 MiB/),
      },
    });
    await expect(failing('helm_get', { name: 'odd', namespace })).resolves.toMatchObject({
      failure: { code: 'ReleaseUnreadable', message: expect.stringMatching(/odd cannot be read: it is not what Helm/) },
    });
  });
});
