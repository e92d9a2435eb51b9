import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type MadeToken,
  newId,
  type NewToken,
  Person,
  type PersonalToken,
  type PersonId,
  type PersonRef,
  type Role,
  TokenCreated,
  TokenId,
  TokenRevoked,
  type TokenScope,
} from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import { mostTokens, PersonalTokens, type TokenHolder, tokenPrefix } from '../domain/personal-tokens.ts';

type Row = {
  readonly id: string;
  readonly name: string;
  readonly scope: TokenScope;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly last_used_at: Date | null;
};
type HolderRow = {
  readonly token_id: string;
  readonly scope: TokenScope;
  readonly expires_at: Date;
  readonly id: string;
  readonly email: string;
  readonly roles: Role[];
};

const dayMs = 86_400_000;

@Injectable()
export class PostgresPersonalTokens extends PersonalTokens {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    super();
  }

  override make(owner: PersonRef, { name, scope, expiresInDays }: NewToken): Promise<MadeToken | 'too-many' | 'ended'> {
    const token = `${tokenPrefix}${randomBytes(32).toString('base64url')}`;
    const id = TokenId.parse(newId());
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + expiresInDays * dayMs);
    return this.store.transaction(async (tx) => {
      // The person first, as a deactivation does; and of two tokens made at once the second is counted after the first.
      const active = await tx.query('select 1 from people where id = $1 and active for no key update', [owner.id]);
      if (active.length === 0) return 'ended';
      const kept = await tx.query('select 1 from personal_tokens where person_id = $1 and revoked_at is null', [
        owner.id,
      ]);
      if (kept.length >= mostTokens) return 'too-many';
      await tx.query(
        `insert into personal_tokens (id, person_id, name, scope, token_hash, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [id, owner.id, name, scope, hashOf(token), now, expiresAt],
      );
      const ends = expiresAt.toISOString();
      const data = { tokenId: id, name, scope, expiresAt: ends, owner: { id: owner.id, email: owner.email } };
      await tx.emit(TokenCreated, { data });
      return { id, name, scope, createdAt: now.toISOString(), expiresAt: ends, token };
    });
  }

  override async list(owner: PersonId): Promise<PersonalToken[]> {
    const rows = await this.store.query<Row>(
      `select id, name, scope, created_at, expires_at, last_used_at from personal_tokens
       where person_id = $1 and revoked_at is null order by created_at desc, id desc`,
      [owner],
    );
    return rows.map(toToken);
  }

  override revoke(id: TokenId, { id: personId, email }: PersonRef): Promise<boolean> {
    return this.store.transaction(async (tx) => {
      const [row] = await tx.query<{ name: string }>(
        `update personal_tokens set revoked_at = $3
         where id = $1 and person_id = $2 and revoked_at is null returning name`,
        [id, personId, this.clock.now()],
      );
      if (!row) return false;
      const owner = { id: personId, email };
      await tx.emit(TokenRevoked, { data: { tokenId: id, name: row.name, owner, revokedBy: owner } });
      return true;
    });
  }

  override async use(token: string): Promise<TokenHolder | 'expired' | undefined> {
    const now = this.clock.now();
    const [row] = await this.store.query<HolderRow>(
      `with found as (
         select t.id as token_id, t.scope, t.expires_at, p.id, p.email, p.roles
         from personal_tokens t join people p on p.id = t.person_id
         where t.token_hash = $1 and t.revoked_at is null and p.active
       ), used as (
         update personal_tokens set last_used_at = $2
         where id in (select token_id from found where expires_at > $2)
           and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')
       )
       select * from found`,
      [hashOf(token), now],
    );
    if (!row) return undefined;
    const { token_id, scope, expires_at: expiresAt, id, email, roles } = row;
    if (expiresAt <= now) return 'expired';
    return { tokenId: TokenId.parse(token_id), scope, expiresAt, person: Person.parse({ id, email, roles }) };
  }

  override async stands(id: TokenId): Promise<boolean> {
    const rows = await this.store.query(
      `select 1 from personal_tokens t join people p on p.id = t.person_id
       where t.id = $1 and t.revoked_at is null and t.expires_at > $2 and p.active`,
      [id, this.clock.now()],
    );
    return rows.length > 0;
  }
}

/** 256 random bits need no slow hash; the table must only not hold what opens anything. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function toToken({ id, name, scope, created_at, expires_at, last_used_at }: Row): PersonalToken {
  return {
    id: TokenId.parse(id),
    name,
    scope,
    createdAt: created_at.toISOString(),
    expiresAt: expires_at.toISOString(),
    ...(last_used_at && { lastUsedAt: last_used_at.toISOString() }),
  };
}
