import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadKeys } from './keys.ts';
import { stackLayout } from './layout.ts';
import { envOfService } from './services.ts';
import type { ServiceContext } from './services.ts';

const folder = mkdtempSync(join(tmpdir(), 'skyflo-services-'));
afterAll(() => rmSync(folder, { recursive: true }));

const context = (over: Partial<ServiceContext> = {}): ServiceContext => ({
  keys: loadKeys(join(folder, 'keys')),
  ports: { gateway: 1, planner: 2, gate: 3, 'tool-runner': 4, persistence: 5 },
  databaseUrlOf: (service) => `postgres://${service}`,
  natsUrl: 'nats://127.0.0.1:6',
  modelUrl: 'http://127.0.0.1:7/v1',
  model: { kind: 'built-in' },
  cluster: { kind: 'sandbox' },
  admin: undefined,
  otlpUrl: undefined,
  layout: stackLayout('/data'),
  env: {},
  ...over,
});

describe('the environment of a service', () => {
  it('holds its own secrets and nobody else’s', () => {
    const { services, ledgerKey, tokenKey } = loadKeys(join(folder, 'keys'));
    const env = JSON.stringify(envOfService('planner', context()));
    expect(env).toContain(services.planner.signingKey);
    for (const secret of [services.gate.signingKey, services.gateway.nats.seed, ledgerKey, tokenKey])
      expect(env).not.toContain(secret);
  });

  it('takes from the person what is meant for it, and not what the stack decides', () => {
    const env = { GATE_GRANT_EXPIRES_SECONDS: '5', GATE_PORT: '99', GATEWAY_HEARTBEAT_SECONDS: '1', OTHER: 'x' };
    expect(envOfService('gate', context({ env }))).toMatchObject({ GATE_GRANT_EXPIRES_SECONDS: '5', GATE_PORT: '3' });
    expect(envOfService('gate', context({ env }))).not.toHaveProperty('GATEWAY_HEARTBEAT_SECONDS');
    expect(envOfService('gate', context({ env }))).not.toHaveProperty('OTHER');
  });

  it('tells the gateway where the tool-runner listens, and the names of this machine', () => {
    expect(envOfService('gateway', context())).toMatchObject({
      GATEWAY_TOOL_RUNNER_URL: 'http://127.0.0.1:4',
      GATEWAY_MCP_HOSTS: '127.0.0.1,localhost,[::1]',
    });
    const env = { GATEWAY_MCP_HOSTS: 'skyflo.example' };
    expect(envOfService('gateway', context({ env }))).toMatchObject(env);
  });

  it('gives the tool-runner the sandbox’s three identities and the file that says how far it is', () => {
    const env = envOfService('tool-runner', context());
    expect(JSON.parse(env['TOOL_RUNNER_CLUSTERS'] ?? '')).toEqual([
      {
        name: 'sandbox',
        kubeconfig: '/data/cluster/runner.kubeconfig',
        contexts: { read: 'runner-read', plan: 'runner-plan', write: 'runner-write', helm: 'runner-helm' },
        statusFile: '/data/cluster-status.json',
      },
    ]);
  });

  it('gives the tool-runner somebody’s own context alone, and what its credentials program may need', () => {
    const cluster = { kind: 'context', kubeconfig: '/home/ada/config', context: 'prod' } as const;
    const env = { AWS_PROFILE: 'ada', LLM_API_KEY: 'secret', SKYFLO_ADMIN_PASSWORD: 'secret' };
    const given = envOfService('tool-runner', context({ cluster, env }));
    expect(JSON.parse(given['TOOL_RUNNER_CLUSTERS'] ?? '')).toEqual([
      { name: 'prod', kubeconfig: '/home/ada/config', contexts: { read: 'prod' } },
    ]);
    expect(given['AWS_PROFILE']).toBe('ada');
    expect(JSON.stringify(given)).not.toContain('secret');
    expect(envOfService('tool-runner', context({ env }))).not.toHaveProperty('AWS_PROFILE');
  });

  it('maps a model of somebody’s own to the planner only', () => {
    const model = { kind: 'endpoint', baseUrl: 'https://m/v1', name: 'large', apiKey: 'k3y-for-m' } as const;
    const given = context({ model, modelUrl: model.baseUrl });
    expect(envOfService('planner', given)).toMatchObject({
      PLANNER_MODEL_URL: 'https://m/v1',
      PLANNER_MODEL_NAME: 'large',
      PLANNER_MODEL_API_KEY: 'k3y-for-m',
    });
    expect(JSON.stringify(envOfService('tool-runner', given))).not.toContain('k3y-for-m');
  });
});
