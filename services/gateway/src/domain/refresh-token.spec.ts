import { describe, expect, it } from '@jest/globals';
import { judgeRefresh, type StoredToken } from './refresh-token.ts';

const now = new Date('2026-11-24T12:00:00Z');
const fresh: StoredToken = {
  expiresAt: new Date('2026-12-01T12:00:00Z'),
  usedAt: null,
  sessionRevokedAt: null,
  personActive: true,
};

describe('a refresh token', () => {
  it('is exchanged while it is fresh', () => {
    expect(judgeRefresh(fresh, now)).toBe('exchange');
  });

  it('is reuse when it comes a second time, even after its session ended or its time ran out', () => {
    expect(judgeRefresh({ ...fresh, usedAt: now }, now)).toBe('reused');
    expect(judgeRefresh({ ...fresh, usedAt: now, sessionRevokedAt: now, expiresAt: now }, now)).toBe('reused');
  });

  it('is worth nothing once its session was revoked or its person may no longer act', () => {
    expect(judgeRefresh({ ...fresh, sessionRevokedAt: now }, now)).toBe('revoked');
    expect(judgeRefresh({ ...fresh, personActive: false }, now)).toBe('revoked');
  });

  it('ends at its time, and an unknown one never began', () => {
    expect(judgeRefresh({ ...fresh, expiresAt: now }, now)).toBe('expired');
    expect(judgeRefresh(undefined, now)).toBe('unknown');
  });
});
