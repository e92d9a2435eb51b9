import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { looksSecret, maskObject, maskText } from './mask.ts';

const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'db',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"p":"aHVudGVyMg=="}}' },
  },
  data: { password: 'aHVudGVyMg==', empty: '' },
  stringData: { note: 'hunter2' },
};

describe('masking', () => {
  it('keeps keys and lengths of a Secret and nothing else of its values', () => {
    const masked = maskObject(secret);
    expect(masked['data']).toEqual({ password: '*** (7 bytes)', empty: '*** (0 bytes)' });
    expect(JSON.stringify(masked)).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('does no harm to what is masked already', () => {
    expect(maskObject(maskObject(secret))).toEqual(maskObject(secret));
  });

  it('reaches Secrets in lists, variables of containers, ConfigMaps and URLs', () => {
    const list: KubeObject = { apiVersion: 'v1', kind: 'List', metadata: { name: '' }, items: [secret as never] };
    expect(JSON.stringify(maskObject(list))).not.toMatch(/hunter2|aHVudGVyMg/);
    const env = [
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'URL', value: 'postgres://shop:hunter2@db/shop' },
      { name: 'LEVEL', value: 'info' },
      { name: 'KEPT', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
    ];
    const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ env }] } };
    const text = JSON.stringify(maskObject(pod));
    expect(text).not.toContain('hunter2');
    expect(text).toContain('postgres://shop:***@db/shop');
    expect(text).toContain('"value":"info"');
    expect(text).toContain('"key":"password"');
    const config: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data: { 'api-key': 'k1234', color: 'red' },
    };
    expect(maskObject(config)['data']).toEqual({ 'api-key': '*** (5 bytes)', color: 'red' });
  });

  it.each([
    ['connecting to redis://default:s3cret@cache:6379', 's3cret'],
    ['Authorization: Bearer abcdef0123456789', 'abcdef0123456789'],
    ['login failed password=hunter2 user=ada', 'hunter2'],
    ['{"token":"abc123def"}', 'abc123def'],
  ])('takes credentials out of %s', (line, hidden) => {
    expect(maskText(line)).not.toContain(hidden);
  });

  it.each([
    ['DB_PASSWORD', 'hunter2', true],
    ['URL', 'postgres://shop:hunter2@db/shop', true],
    ['WHATEVER', 'ghp_abcdefghijklmnop1234', true],
    ['WHATEVER', '-----BEGIN RSA PRIVATE KEY-----', true],
    ['TOKEN_TTL', '3600s', false],
    ['USE_TOKENS', 'true', false],
    ['LOG_LEVEL', 'debug', false],
    ['URL', 'https://shop.example/health', false],
  ])('thinks of %s=%s as a secret: %s', (name, value, expected) => {
    expect(looksSecret(name, value)).toBe(expected);
  });

  it('leaves ordinary lines alone', () => {
    const line = '2026-11-24T10:00:00Z GET /healthz 200 3ms from http://checkout:8080/';
    expect(maskText(line)).toBe(line);
  });
});
