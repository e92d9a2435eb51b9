import { describe, expect, it } from '@jest/globals';
import { canonicalQuantity } from './quantity.ts';

describe('a quantity', () => {
  it.each([
    ['0', '0'],
    ['0Mi', '0'],
    ['2', '2'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['0.5', '500m'],
    ['.5', undefined],
    ['2000000', '2M'],
    ['10k', '10k'],
    ['100000', '100k'],
    ['128974848', '128974848'],
    ['128Mi', '128Mi'],
    ['1024Mi', '1Gi'],
    ['2048Gi', '2Ti'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['0.1Gi', '107374182400m'],
    ['1.Gi', '1Gi'],
    ['0.0000000001', undefined],
    ['0.5n', '1n'],
    ['1000E', '1000E'],
    ['12e3', undefined],
    ['-1', undefined],
    ['1 Gi', undefined],
    ['Gi', undefined],
    ['1GB', undefined],
  ])('%s is written as %s', (text, written) => {
    expect(canonicalQuantity(text)).toBe(written);
  });
});
