import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadIdentity, loadKeyRing } from '@skyflo/bus';
import { services } from '@skyflo/contracts';
import { keyRingOf, loadKeys } from './keys.ts';

describe('the keys of an installation', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'skyflo-keys-')), 'keys');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

  it('are made once, and only their owner can read them', () => {
    const keys = loadKeys(folder);
    expect(loadKeys(folder)).toEqual(keys);
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(statSync(join(folder, 'keys.json')).mode & 0o077).toBe(0);
  });

  it('keep what is there when a newer version needs one more', () => {
    const { tokenKey, ...older } = loadKeys(folder);
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(older));
    const keys = loadKeys(folder);
    expect(keys).toMatchObject(older);
    expect(keys.tokenKey).not.toBe(tokenKey);
    expect(JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8'))).toEqual(keys);
  });

  it('let every service sign and be verified by the others', () => {
    const keys = loadKeys(folder);
    expect(loadKeyRing(keyRingOf(keys)).missing()).toEqual([]);
    for (const service of services) {
      const { kid, signingKey } = keys.services[service];
      expect(loadIdentity({ service, signingKey }).kid).toBe(kid);
    }
  });
});
