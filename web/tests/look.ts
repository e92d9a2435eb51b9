/**
 * Takes pictures of every state of the built console in both themes and three widths, with scripted events behind it:
 * `node --conditions=@skyflo/source --import ./tools/swc-hooks.mjs web/tests/look.ts <folder> [name…]` after `npm run build -w web`.
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
  readonly act?: (page: Page) => Promise<void>;
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
];

const host = '127.0.0.1';
mkdirSync(folder, { recursive: true });
const wanted = shots.filter((shot) => only.length === 0 || only.includes(shot.name));
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

for (const theme of ['light', 'dark'] as const) {
  for (const [size, [width, height]] of Object.entries(sizes)) {
    const gateway = new FakeGateway();
    gateway.server.listen(0, host);
    await once(gateway.server, 'listening');
    const web = await startWeb((gateway.server.address() as AddressInfo).port);
    for (const shot of wanted) {
      gateway.behave({ roles: ['admin'], preparing: false, empty: false, ...shot.behaviour });
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
      if (!shot.signedOut) await signIn(context, web.url);
      await take(context, shot, web.url, `${folder}/${shot.name}-${size}-${theme}.png`);
      await context.close();
    }
    web.process.kill('SIGTERM');
    await once(web.process, 'exit');
    gateway.close();
  }
}
await browser.close();

async function take(context: BrowserContext, shot: Shot, url: string, path: string): Promise<void> {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${shot.name}: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && console.error(`${shot.name}: ${message.text()}`));
  await page.goto(url + shot.path, { waitUntil: 'load' });
  await page.waitForTimeout(500);
  await shot.act?.(page);
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
