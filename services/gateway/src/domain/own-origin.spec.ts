import { describe, expect, it } from '@jest/globals';
import { comesFromElsewhere, type Provenance } from './own-origin.ts';

const posted = (about: Partial<Provenance>): Provenance => ({
  method: 'POST',
  host: '127.0.0.1:8080',
  origin: undefined,
  fetchSite: undefined,
  ...about,
});

describe('a request that changes something', () => {
  it('comes from our own page where the origin is the host that was asked', () => {
    expect(comesFromElsewhere(posted({ origin: 'http://127.0.0.1:8080' }))).toBe(false);
    expect(comesFromElsewhere(posted({ origin: 'https://Skyflo.Example', host: 'skyflo.example' }))).toBe(false);
  });

  it.each(['http://127.0.0.1:9090', 'https://evil.example', 'null', 'http://127.0.0.1:8080.evil.example'])(
    'comes from elsewhere with origin %s',
    (origin) => {
      expect(comesFromElsewhere(posted({ origin }))).toBe(true);
    },
  );

  it('goes by what the browser says of the site where there is no origin', () => {
    expect(comesFromElsewhere(posted({ fetchSite: 'cross-site' }))).toBe(true);
    expect(comesFromElsewhere(posted({ fetchSite: 'same-site' }))).toBe(true);
    expect(comesFromElsewhere(posted({ fetchSite: 'same-origin' }))).toBe(false);
  });

  it('is free to come from a program, and reading is free for everybody', () => {
    expect(comesFromElsewhere(posted({}))).toBe(false);
    expect(comesFromElsewhere(posted({ method: 'GET', origin: 'https://evil.example' }))).toBe(false);
  });
});
