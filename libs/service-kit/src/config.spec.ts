import { describe, expect, it } from '@jest/globals';
import { generateServiceKey } from '@skyflo/bus';
import { z } from 'zod';
import { serviceConfig } from './config.ts';

const key = generateServiceKey('tool-runner');
const good = {
  TOOL_RUNNER_PORT: '7004',
  TOOL_RUNNER_DATABASE_URL: 'postgres://tool-runner:secret@127.0.0.1:5432/skyflo',
  TOOL_RUNNER_NATS_URL: 'nats://127.0.0.1:4222',
  TOOL_RUNNER_NATS_SEED: 'SUAM',
  TOOL_RUNNER_SIGNING_KEY: key.signingKey,
  TOOL_RUNNER_PUBLIC_KEYS: JSON.stringify({ [key.kid]: { service: 'tool-runner', publicKey: key.publicKey } }),
};
const shape = {
  CALL_TIMEOUT_SECONDS: z.coerce.number().positive().default(60).describe('how long a call may take'),
  LEDGER_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits')
    .optional()
    .describe('keys the fingerprints'),
  CLUSTERS: z
    .preprocess((json) => (typeof json === 'string' ? JSON.parse(json) : []), z.array(z.object({ name: z.string() })))
    .describe('the clusters, as JSON'),
};

function messageOf(env: NodeJS.ProcessEnv): string {
  try {
    serviceConfig('tool-runner', shape, env);
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
  return 'it was accepted';
}

describe('the configuration of a service', () => {
  it('is parsed into a frozen object with camel-cased keys and defaults', () => {
    const config = serviceConfig('tool-runner', shape, { ...good, TOOL_RUNNER_CALL_TIMEOUT_SECONDS: '5' });
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 7004,
      logLevel: 'info',
      callTimeoutSeconds: 5,
      clusters: [],
    });
    expect(Object.isFrozen(config)).toBe(true);
    expect(config.ledgerKey).toBeUndefined();
  });

  it('counts an empty variable as unset', () => {
    expect(serviceConfig('tool-runner', shape, { ...good, TOOL_RUNNER_HOST: '' }).host).toBe('127.0.0.1');
  });

  it('names everything that is wrong in one message, with what it means', () => {
    const env = {
      ...good,
      TOOL_RUNNER_PORT: 'eighty',
      TOOL_RUNNER_NATS_URL: '',
      TOOL_RUNNER_PUBLIC_KEYS: '[]',
      TOOL_RUNNER_CLUSTERS: '[{"name":"a"},{}]',
    };
    expect(messageOf(env)).toBe(
      [
        'tool-runner cannot start with this configuration:',
        '  TOOL_RUNNER_PORT is wrong: expected number (the port to listen on; 0 takes any free one)',
        '  TOOL_RUNNER_NATS_URL is not set (nats://<host>:<port>, several separated by commas)',
        '  TOOL_RUNNER_PUBLIC_KEYS is wrong: the key ring cannot be used: it is not a JSON object' +
          ' (everybody\'s public keys: {"<kid>": {"service", "publicKey"}})',
        '  TOOL_RUNNER_CLUSTERS is wrong at 1.name: expected string, received undefined (the clusters, as JSON)',
      ].join('\n'),
    );
  });

  it('shows no value, since it may be a secret', () => {
    const env = {
      ...good,
      TOOL_RUNNER_LEDGER_KEY: 'hunter2',
      TOOL_RUNNER_SIGNING_KEY: 'hunter3',
      TOOL_RUNNER_NATS_SEED: 'hunter4',
    };
    expect(messageOf(env)).toContain('TOOL_RUNNER_LEDGER_KEY is wrong: expected 64 hex digits (keys the fingerprints)');
    expect(messageOf(env)).toContain('TOOL_RUNNER_SIGNING_KEY is wrong');
    expect(messageOf(env)).toContain('TOOL_RUNNER_NATS_SEED is wrong');
    expect(messageOf(env)).not.toContain('hunter');
  });
});
