/**
 * Takes pictures of every state of the built console in both themes and three widths, with scripted events behind it:
 * `node --conditions=@skyflo/source --import ./tools/swc-hooks.mjs web/tests/look.ts <folder> [name|size|theme…]` after `npm run build -w web`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { FakeGateway, type Behaviour } from './fixture/gateway.ts';
import { sceneId } from './fixture/scenes.ts';

type Shot = {
  readonly name: string;
  readonly path: string;
  readonly behaviour?: Partial<Behaviour>;
  readonly signedOut?: boolean;
  readonly act?: (page: Page, gateway: FakeGateway) => Promise<void>;
};

const [folder = 'artifacts/look', ...only] = process.argv.slice(2);
const sizes = { wide: [1440, 900], medium: [1024, 768], phone: [390, 844] } as const;
const conversation = (name: string): string => `/c/${sceneId(name)}`;
const operator = { roles: ['operator'] };

const shots: readonly Shot[] = [
  { name: 'login', path: '/login', signedOut: true },
  {
    name: 'login-refused',
    path: '/login',
    signedOut: true,
    act: async (page) => {
      await page.getByLabel('E-mail').fill('mara.lindqvist@acme.example');
      await page.getByLabel('Password', { exact: true }).fill('wrong-password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'setup', path: '/setup?token=abc', signedOut: true },
  { name: 'start', path: '/', behaviour: { ...operator, preparing: false } },
  { name: 'start-preparing', path: '/', behaviour: { ...operator, preparing: true, empty: true } },
  { name: 'read', path: conversation('read'), behaviour: operator },
  {
    name: 'diagnosis',
    path: conversation('diagnosis'),
    behaviour: operator,
    act: async (page) => {
      await page.getByRole('button', { name: /Image pull/ }).click();
      await page.getByRole('button', { name: /Crash loop/ }).click();
      await page.getByRole('button', { name: /^Logs of/ }).click();
    },
  },
  { name: 'rollout', path: conversation('rollout'), behaviour: operator },
  {
    name: 'streaming',
    path: conversation('streaming'),
    behaviour: operator,
    act: (page) => page.waitForTimeout(4200),
  },
  { name: 'approval', path: conversation('approval') },
  {
    name: 'approval-split',
    path: conversation('approval'),
    act: async (page) => page.keyboard.press('d'),
  },
  { name: 'approval-viewer', path: conversation('approval'), behaviour: operator },
  { name: 'verified', path: conversation('verified'), behaviour: operator },
  { name: 'refused', path: conversation('refused') },
  { name: 'failed', path: conversation('failed'), behaviour: operator },
  { name: 'moved', path: conversation('moved') },
  { name: 'uncertain', path: conversation('uncertain') },
  { name: 'expired', path: conversation('expired') },
  { name: 'stopped', path: conversation('stopped') },
  { name: 'tampered', path: conversation('tampered') },
  { name: 'inbox', path: '/inbox' },
  {
    name: 'inbox-opened',
    path: '/inbox',
    act: (page) => page.getByRole('button', { expanded: false, name: /Give each checkout/ }).click(),
  },
  { name: 'inbox-empty', path: '/inbox', behaviour: { empty: true } },
  ...['policy', 'cancelled', 'withdrawn', 'limited', 'key', 'rate', 'unreachable', 'dead'].map((name) => ({
    name,
    path: conversation(name),
    behaviour: operator,
  })),
  { name: 'queued', path: conversation('queued'), behaviour: operator },
  {
    name: 'queued-conflict',
    path: conversation('queued'),
    behaviour: operator,
    act: async (page) => {
      await page.getByRole('button', { name: 'Send now' }).first().click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'asked-again',
    path: conversation('moved'),
    act: (page) => page.getByRole('button', { name: 'Ask again' }).click(),
  },
  {
    name: 'reconnecting',
    path: conversation('read'),
    behaviour: operator,
    act: async (page, gateway) => {
      await page.getByRole('textbox', { name: 'Write a follow-up.' }).waitFor();
      gateway.behave({ away: true });
      await page.getByText('Reconnecting.').waitFor();
    },
  },
  {
    name: 'back',
    path: conversation('read'),
    behaviour: operator,
    act: async (page, gateway) => {
      await page.getByRole('textbox', { name: 'Write a follow-up.' }).waitFor();
      gateway.behave({ away: true });
      await page.getByText('Reconnecting.').waitFor();
      gateway.behave({ away: false });
      await page.getByText('Back.').waitFor();
    },
  },
  {
    name: 'offline',
    path: conversation('approval'),
    act: async (page) => {
      await page.context().setOffline(true);
      await page.getByText(/Offline since/).waitFor();
    },
  },
  {
    name: 'unsent',
    path: conversation('read'),
    behaviour: operator,
    act: async (page, gateway) => {
      await page.getByRole('textbox', { name: 'Write a follow-up.' }).waitFor();
      gateway.behave({ away: true });
      await page.getByRole('textbox', { name: 'Write a follow-up.' }).fill('Restart checkout in shop');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'away', path: conversation('read'), behaviour: { away: true } },
  {
    name: 'below',
    path: conversation('approval'),
    act: async (page) => {
      await page.getByRole('textbox', { name: /Ask about this change/ }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'palette',
    path: conversation('read'),
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder(/Find a conversation/).fill('the');
    },
  },
  { name: 'people', path: '/people' },
  {
    name: 'person',
    path: '/people',
    act: async (page) => {
      await page
        .getByRole('button', { name: /Mara Lindqvist/ })
        .last()
        .click();
      await page.getByRole('radio', { name: /^Approver/ }).click();
    },
  },
  {
    name: 'person-new',
    path: '/people',
    act: (page) => page.getByRole('button', { name: 'New person' }).click(),
  },
  {
    name: 'tokens',
    path: '/settings/tokens',
    behaviour: operator,
    act: (page) => page.getByRole('button', { name: /^Revoke nightly/ }).click(),
  },
  { name: 'tokens-none', path: '/settings/tokens', behaviour: { ...operator, empty: true } },
  {
    name: 'token-new',
    path: '/settings/tokens',
    act: async (page) => {
      await page.getByRole('button', { name: 'New token' }).click();
      await page.getByLabel('Name').fill('Claude Code, laptop');
    },
  },
  {
    name: 'token-made',
    path: '/settings/tokens',
    act: async (page) => {
      await page.getByRole('button', { name: 'New token' }).click();
      await page.getByLabel('Name').fill('Claude Code, laptop');
      await page.getByRole('radio', { name: /ask for changes/ }).click();
      await page.getByRole('button', { name: 'Make the token' }).click();
      await page.getByTestId('token').waitFor();
    },
  },
  { name: 'dead-letters', path: '/dead-letters' },
  { name: 'dead-letters-none', path: '/dead-letters', behaviour: { empty: true } },
  { name: 'dead-letters-operator', path: '/dead-letters', behaviour: operator },
];

const host = '127.0.0.1';
mkdirSync(folder, { recursive: true });
/** Of shots, sizes and themes, those that were named; all, where none of a kind was. */
const named = <Item>(items: readonly Item[], nameOf: (item: Item) => string): readonly Item[] => {
  const found = items.filter((item) => only.includes(nameOf(item)));
  return found.length > 0 ? found : items;
};
const wanted = named(shots, (shot) => shot.name);
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-quic',
  ],
});

for (const theme of named(['light', 'dark'] as const, (each) => each)) {
  for (const [size, [width, height]] of named(Object.entries(sizes), ([name]) => name)) {
    const gateway = new FakeGateway();
    gateway.server.listen(0, host);
    await once(gateway.server, 'listening');
    const web = await startWeb((gateway.server.address() as AddressInfo).port);
    for (const shot of wanted) {
      gateway.behave({ roles: ['admin'], preparing: false, empty: false, away: false, ...shot.behaviour });
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
      if (!shot.signedOut) await signIn(context, web.url);
      await take(context, gateway, shot, [web.url, `${folder}/${shot.name}-${size}-${theme}.png`]);
      await context.close();
    }
    web.process.kill('SIGTERM');
    await once(web.process, 'exit');
    gateway.close();
  }
}
await browser.close();

async function take(
  context: BrowserContext,
  gateway: FakeGateway,
  shot: Shot,
  [url, path]: readonly [string, string],
): Promise<void> {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${shot.name}: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && console.error(`${shot.name}: ${message.text()}`));
  await page.goto(url + shot.path, { waitUntil: 'load' });
  await page.waitForTimeout(500);
  await shot.act?.(page, gateway);
  await page.waitForTimeout(250);
  await page.screenshot({ path });
}

async function signIn(context: BrowserContext, url: string): Promise<void> {
  await context.addCookies([{ name: 'skyflo_access', value: 'fixture', url, httpOnly: true }]);
}

async function startWeb(gatewayPort: number): Promise<{ process: ReturnType<typeof spawn>; url: string }> {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const env = { ...process.env, WEB_PORT: String(port), WEB_GATEWAY_URL: `http://${host}:${gatewayPort}` };
  const web = spawn(process.execPath, [new URL('../server.mjs', import.meta.url).pathname], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(web.stdout, 'data');
  return { process: web, url: `http://${host}:${port}` };
}
