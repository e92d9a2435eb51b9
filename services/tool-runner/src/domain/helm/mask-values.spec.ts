import { describe, expect, it } from '@jest/globals';
import { maskValues, secretValues } from './mask-values.ts';

describe('the values of a chart', () => {
  it('lose what is secret by its name, at any depth, numbers too', () => {
    expect(maskValues({ auth: { rootPassword: 'hunter22', pin: 3 }, db: [{ apiKey: 12_345_678 }] })).toEqual({
      auth: { rootPassword: '*** (8 bytes)', pin: 3 },
      db: [{ apiKey: '*** (8 bytes)' }],
    });
  });

  it('lose everything within a map or list of secrets', () => {
    expect(maskValues({ secrets: { stripe: 'sk_live_1', nested: { a: 'b' } }, tokens: ['one', 'two'] })).toEqual({
      secrets: { stripe: '*** (9 bytes)', nested: { a: '*** (1 byte)' } },
      tokens: ['*** (3 bytes)', '*** (3 bytes)'],
    });
  });

  it('lose the value of a pair whose name is secret, and credentials within texts', () => {
    const env = [
      { name: 'DB_PASSWORD', value: 'hunter22' },
      { name: 'MODE', value: 'fast' },
    ];
    expect(maskValues({ env, url: 'postgres://shop:hunter22@db/shop' })).toEqual({
      env: [
        { name: 'DB_PASSWORD', value: '*** (8 bytes)' },
        { name: 'MODE', value: 'fast' },
      ],
      url: 'postgres://shop:***@db/shop',
    });
  });

  it('keep what only says where a secret is, and keys that are none', () => {
    const values = {
      existingSecret: 'web-secrets',
      tls: { secretName: 'web-tls', secretRef: 'x' },
      tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'web' }],
      tokenEnabled: true,
    };
    expect(maskValues(values)).toEqual(values);
    expect(secretValues(values)).toEqual([]);
  });

  it('tell what was hidden, so that it can be hidden elsewhere too', () => {
    expect(secretValues({ a: { password: 'hunter22' }, secrets: ['x1', 'x2'] })).toEqual(['hunter22', 'x1', 'x2']);
  });
});
