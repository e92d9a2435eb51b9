import { describe, expect, it } from '@jest/globals';
import { execCredentials } from './exec-credentials.ts';

const minute = 60_000;

function plugin(expiresAt: number) {
  const status = { expirationTimestamp: new Date(expiresAt).toISOString() };
  const script = `console.log(JSON.stringify({ status: { token: process.pid + '-' + process.env.WHO, ...${JSON.stringify(status)} } }))`;
  return {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', script],
    env: [{ name: 'WHO', value: 'ada' }],
  };
}

describe('a credential plugin', () => {
  it('is asked once until what it gave expires', async () => {
    let now = Date.now();
    const credentials = execCredentials(plugin(now + minute), { environment: {}, now: () => now });
    const [first, second] = await Promise.all([credentials.present(), credentials.present()]);
    expect(first.headers['authorization']).toMatch(/^Bearer \d+-ada$/);
    expect(second).toEqual(first);
    await expect(credentials.present()).resolves.toEqual(first);
    now += minute;
    await expect(credentials.present()).resolves.not.toEqual(first);
  });

  it('is asked again when the API server did not accept what it gave', async () => {
    const credentials = execCredentials(plugin(Date.now() + minute), { environment: {} });
    const first = await credentials.present();
    credentials.forget();
    await expect(credentials.present()).resolves.not.toEqual(first);
  });

  it('that is not installed says how to get it', async () => {
    const missing = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'no-such-plugin',
      installHint: 'Install it with …',
    };
    await expect(execCredentials(missing, { environment: {} }).present()).rejects.toMatchObject({
      message: 'The credential plugin no-such-plugin is not installed.',
      hint: 'Install it with …',
    });
  });
});
