import { describe, expect, it } from '@jest/globals';
import { generateNatsUser, generateServiceKey } from '@skyflo/bus';
import { loadConfig } from './config.ts';

const { kid, publicKey, signingKey } = generateServiceKey('gateway');
const environment = {
  GATEWAY_PORT: '8081',
  GATEWAY_DATABASE_URL: 'postgres://gateway:secret@127.0.0.1:5432/skyflo',
  GATEWAY_NATS_URL: 'nats://127.0.0.1:4222',
  GATEWAY_NATS_SEED: generateNatsUser().seed,
  GATEWAY_SIGNING_KEY: signingKey,
  GATEWAY_PUBLIC_KEYS: JSON.stringify({ [kid]: { service: 'gateway', publicKey } }),
  GATEWAY_TOKEN_KEY: 'k'.repeat(32),
  GATEWAY_TOOL_RUNNER_URL: 'http://127.0.0.1:8084',
};

describe('the gateway’s configuration', () => {
  it('has defaults for all but addresses and keys', () => {
    expect(loadConfig(environment)).toMatchObject({
      accessTokenSeconds: 900,
      refreshTokenDays: 7,
      cookieSecure: true,
      heartbeatSeconds: 15,
    });
  });

  it('wants a token key that nobody guesses', () => {
    expect(() => loadConfig({ ...environment, GATEWAY_TOKEN_KEY: 'k'.repeat(31) })).toThrow(
      /GATEWAY_TOKEN_KEY.*32 bytes/,
    );
  });

  it('takes a first admin whole, with a password that is one', () => {
    const admin = { GATEWAY_ADMIN_EMAIL: 'Root@Example.com', GATEWAY_ADMIN_PASSWORD: 'correct horse battery' };
    expect(loadConfig({ ...environment, ...admin })).toMatchObject({ adminEmail: 'root@example.com' });
    expect(() => loadConfig({ ...environment, ...admin, GATEWAY_ADMIN_PASSWORD: '' })).toThrow(/go together/);
    expect(() => loadConfig({ ...environment, ...admin, GATEWAY_ADMIN_PASSWORD: 'aaaaaaaaaaaa' })).toThrow(
      /GATEWAY_ADMIN_PASSWORD must use more/,
    );
  });
});
