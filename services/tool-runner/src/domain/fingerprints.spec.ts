import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { changeList } from './change-list.ts';
import { secretsOf, withFingerprints } from './fingerprints.ts';
import { toDiffYaml } from './yaml-text.ts';

const keyed = (value: string) => createHash('sha256').update(`key ${value}`).digest('hex');

function aSecret(password: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, data: { password, user: 'c2hvcA==' } };
}

function aPod(...env: readonly object[]): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ env }] } } as KubeObject;
}

describe('fingerprints', () => {
  it('tell two secret values of one length apart without showing either', () => {
    const [one, other] = [aSecret('aHVudGVyMg=='), aSecret('aHVudGVyMw==')].map((o) => withFingerprints(o, keyed));
    if (!one || !other) throw new Error('there are two');
    const changes = changeList(one, other);
    expect(changes).toMatchObject([
      { path: '/data/password', from: expect.stringMatching(/^\*\*\* \(7 bytes\) #[0-9a-f]{12}$/) },
    ]);
    expect(changes[0]?.from).not.toBe(changes[0]?.to);
    expect(toDiffYaml(one)).not.toBe(toDiffYaml(other));
    expect(JSON.stringify([one, toDiffYaml(one)])).not.toMatch(/aHVudGVy|hunter/);
  });

  it('leave everything else as it is, and are the same each time', () => {
    const pod = aPod({ name: 'LEVEL', value: 'info' }, { name: 'URL', value: 'postgres://shop:hunter2@db/shop' });
    const told = withFingerprints(pod, keyed);
    expect(JSON.stringify(told)).toMatch(/"value":"info".*postgres:\/\/shop:\*\*\*@db\/shop #[0-9a-f]{12}/);
    expect(withFingerprints(pod, keyed)).toEqual(told);
    expect([...secretsOf(pod)]).toEqual(['postgres://shop:hunter2@db/shop']);
  });
});
