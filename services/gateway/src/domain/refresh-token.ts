/**
 * A session is a family of refresh tokens: each is good for one exchange, which makes the next. A token that comes a second
 * time was copied, and nobody can tell whose hand holds the original: the whole family ends.
 *
 *   issued ──exchange──▶ used ──again──▶ family revoked
 */
export type StoredToken = {
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly sessionRevokedAt: Date | null;
  readonly personActive: boolean;
};

export type RefreshVerdict = 'exchange' | 'unknown' | 'reused' | 'revoked' | 'expired';

/** What an exchange comes to. `reused` obliges the caller to revoke the family, whatever else is wrong with it. */
export function judgeRefresh(token: StoredToken | undefined, now: Date): RefreshVerdict {
  if (token === undefined) return 'unknown';
  if (token.usedAt !== null) return 'reused';
  if (token.sessionRevokedAt !== null || !token.personActive) return 'revoked';
  return token.expiresAt <= now ? 'expired' : 'exchange';
}
