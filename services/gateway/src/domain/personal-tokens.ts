import type {
  MadeToken,
  NewToken,
  Person,
  PersonalToken,
  PersonId,
  PersonRef,
  TokenId,
  TokenScope,
} from '@skyflo/contracts';

/** So that scanners for leaked secrets, and people, know one when they see it. */
export const tokenPrefix = 'skyflo_pat_';
/** Who needs more has lost count of them. */
export const mostTokens = 50;

/** Whose a token is, as they are now, and what it lets them do. */
export type TokenHolder = {
  readonly tokenId: TokenId;
  readonly scope: TokenScope;
  readonly person: Person;
  readonly expiresAt: Date;
};

/**
 * Tokens that people make for their agents, good at /mcp only. A token is worth nothing from the moment it is revoked or has
 * expired, or its owner may no longer act. What happens is announced in the same transaction, by `token.created` or `revoked`.
 */
export abstract class PersonalTokens {
  /** The only time the token itself is seen. `ended` where its owner may no longer act. */
  abstract make(owner: PersonRef, wanted: NewToken): Promise<MadeToken | 'too-many' | 'ended'>;

  /** Those that are not revoked, expired ones too; the newest first. */
  abstract list(owner: PersonId): Promise<PersonalToken[]>;

  /** False where this is none of theirs, or was revoked before. */
  abstract revoke(id: TokenId, owner: PersonRef): Promise<boolean>;

  /** Whom a token lets in now, and remembers, to the minute, that it did. */
  abstract use(token: string): Promise<TokenHolder | 'expired' | undefined>;

  /** Whether a token still lets its owner in. */
  abstract stands(id: TokenId): Promise<boolean>;
}
