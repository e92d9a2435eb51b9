import { describe, expect, it } from 'vitest';
import { sealColumns, sealText } from './seal.ts';

const digest = `7c1e94ab${'0'.repeat(52)}3f08`;

describe('the seal of a digest', () => {
  it('prints the first eight and the last four digits', () => {
    expect(sealText(digest)).toBe('7c1e 94ab … 3f08');
  });

  it('draws twelve columns of four bits, most significant on top', () => {
    const columns = sealColumns(digest);
    expect(columns).toHaveLength(12);
    expect(columns[0]?.bits).toEqual([false, true, true, true]);
    expect(columns[1]?.bits).toEqual([true, true, false, false]);
  });

  it('groups the columns by four', () => {
    expect(sealColumns(digest).map((column) => column.x)).toEqual([0, 4, 8, 12, 18, 22, 26, 30, 36, 40, 44, 48]);
  });
});
