import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { adminEmail, anAdmin, aPerson, deployment, password, setUpUrl, url } from './running.ts';

const shots = 'artifacts/e2e';
let browser: Browser;
let page: Page;
beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, baseURL: url });
  page.setDefaultTimeout(20_000);
}, 600_000);
afterAll(() => browser?.close());

const shot = (name: string) => page.screenshot({ path: `${shots}/${name}.png` });

describe('the console in a browser', () => {
  it('sets up, signs in, asks, approves and shows the result', async () => {
    // jest-sequence.mjs lets this suite come first: the link works once.
    await page.goto(setUpUrl);
    await page.getByLabel('E-mail').fill(adminEmail);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await shot('0-set-up');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.waitForURL(({ pathname }) => pathname === '/');
    await page.context().clearCookies();
    await page.goto('/');
    await page.waitForURL('**/login**');
    await page.getByLabel('E-mail').fill(adminEmail);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await shot('1-login');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(({ pathname }) => pathname === '/');
    const composer = page.getByRole('textbox', { name: /Ask in your own words/ });
    await composer.waitFor();
    await shot('2-start');

    const before = (await deployment('catalog')).spec.replicas;
    await composer.fill(`scale catalog to ${before + 1}`);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/c/**');
    const approve = page.getByRole('button', { name: /Approve this change/ });
    await approve.waitFor();
    await page.getByText('equal to the gate').first().waitFor();
    await shot('3-approval');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('3-approval-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await approve.click();
    await page
      .getByText(/checks hold/)
      .first()
      .waitFor();
    await shot('4-verified');
    expect((await deployment('catalog')).spec.replicas).toBe(before + 1);
  });

  it('does not offer a decision to somebody who may not make it', async () => {
    const operator = await aPerson('operator');
    const conversationId = await operator.converse();
    await operator.say(conversationId, 'restart web');
    const { event } = await operator.until(conversationId, 'approval.requested');
    const context = await browser.newContext({
      baseURL: url,
      extraHTTPHeaders: { authorization: `Bearer ${operator.token ?? ''}` },
    });
    const other = await context.newPage();
    await other.goto(`/c/${conversationId}`);
    await other
      .getByText(/Waiting for/)
      .first()
      .waitFor();
    expect(await other.getByRole('button', { name: /Approve this change/ }).count()).toBe(0);
    await context.close();
    const admin = await anAdmin();
    const { callId, digest } = event.data as unknown as { callId: string; digest: string };
    await admin.decide(callId, 'refuse', digest);
  });
});
