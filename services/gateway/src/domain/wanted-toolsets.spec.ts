import { describe, expect, it } from '@jest/globals';
import { wantedToolsets } from './wanted-toolsets.ts';

describe('the toolsets that a client wants', () => {
  it('are named in its address, each once', () => {
    expect(wantedToolsets('helm,argo,helm')).toEqual(['helm', 'argo']);
  });

  it('are names, and not too many', () => {
    expect(wantedToolsets('Helm,,../x,a b,\u0000')).toEqual([]);
    expect(wantedToolsets(['helm'])).toEqual([]);
    expect(wantedToolsets(undefined)).toEqual([]);
    expect(wantedToolsets(Array.from({ length: 99 }, (_, n) => `set-${n}`).join(','))).toHaveLength(20);
  });
});
