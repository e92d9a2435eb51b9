import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { newId, Person, type PersonId, type Role } from '@skyflo/contracts';
import { Clock, CONFIG } from '@skyflo/service-kit';
import { Store, type Tx } from '@skyflo/store';
import type { GatewayConfig } from '../config.ts';
import { judgeRefresh } from '../domain/refresh-token.ts';
import { type OpenSession, type Refreshed, Sessions } from '../domain/sessions.ts';

type PersonRow = { readonly id: string; readonly email: string; readonly roles: Role[] };
type TokenRow = PersonRow & {
  readonly session_id: string;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly revoked_at: Date | null;
  readonly active: boolean;
};

@Injectable()
export class PostgresSessions extends Sessions {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {
    super();
  }

  override open(person: Person): Promise<OpenSession> {
    const now = this.clock.now();
    return this.store.transaction(async (tx) => {
      const id = newId();
      // Waits for a deactivation that is on its way; a session that comes after it has ended before it began. First of all,
      // because a deactivation takes its locks in this order, too: the person, then their sessions.
      await tx.query(
        `insert into sessions (id, person_id, created_at, revoked_at)
         select $1, id, $3, case when active then null else $3::timestamptz end from people where id = $2 for share`,
        [id, person.id, now],
      );
      const refreshToken = await this.issue(tx, id, now);
      await tx.query(
        `delete from sessions s where person_id = $1 and not exists
           (select 1 from refresh_tokens t where t.session_id = s.id and t.expires_at > $2)`,
        [person.id, now],
      );
      return { id, person, refreshToken };
    });
  }

  override refresh(refreshToken: string): Promise<Refreshed> {
    const now = this.clock.now();
    return this.store.transaction(async (tx): Promise<Refreshed> => {
      const row = await find(tx, refreshToken);
      const verdict = judgeRefresh(row && toStored(row), now);
      if (verdict === 'reused' && row) await revoke(tx, row.session_id, now);
      if (verdict !== 'exchange' || !row) return { verdict: verdict === 'exchange' ? 'unknown' : verdict };
      await tx.query('update refresh_tokens set used_at = $2 where token_hash = $1', [hashOf(refreshToken), now]);
      await tx.query('delete from refresh_tokens where session_id = $1 and expires_at <= $2', [row.session_id, now]);
      const next = await this.issue(tx, row.session_id, now);
      return { verdict, session: { id: row.session_id, person: toPerson(row), refreshToken: next } };
    });
  }

  override close(by: { readonly refreshToken: string } | { readonly sessionId: string }): Promise<void> {
    const now = this.clock.now();
    return this.store.transaction(async (tx) => {
      const sessionId = 'sessionId' in by ? by.sessionId : (await find(tx, by.refreshToken))?.session_id;
      if (sessionId !== undefined) await revoke(tx, sessionId, now);
    });
  }

  override async personOf(sessionId: string, personId: PersonId): Promise<Person | undefined> {
    const [row] = await this.store.query<PersonRow>(
      `select p.id, p.email, p.roles from sessions s join people p on p.id = s.person_id
       where s.id = $1 and p.id = $2 and s.revoked_at is null and p.active`,
      [sessionId, personId],
    );
    return row && toPerson(row);
  }

  private async issue(tx: Tx, sessionId: string, now: Date): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await tx.query('insert into refresh_tokens (token_hash, session_id, expires_at) values ($1, $2, $3)', [
      hashOf(token),
      sessionId,
      new Date(now.getTime() + this.config.refreshTokenDays * 86_400_000),
    ]);
    return token;
  }
}

/** Locks the token's row: of two exchanges at once the second sees the first one's mark. */
async function find(tx: Tx, refreshToken: string): Promise<TokenRow | undefined> {
  const [row] = await tx.query<TokenRow>(
    `select t.session_id, t.expires_at, t.used_at, s.revoked_at, p.active, p.id, p.email, p.roles
     from refresh_tokens t join sessions s on s.id = t.session_id join people p on p.id = s.person_id
     where t.token_hash = $1 for update of t`,
    [hashOf(refreshToken)],
  );
  return row;
}

async function revoke(tx: Tx, sessionId: string, now: Date): Promise<void> {
  await tx.query('update sessions set revoked_at = $2 where id = $1 and revoked_at is null', [sessionId, now]);
}

/** 256 random bits need no slow hash; the table must only not hold what opens a session. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function toStored({ expires_at, used_at, revoked_at, active }: TokenRow): Parameters<typeof judgeRefresh>[0] {
  return { expiresAt: expires_at, usedAt: used_at, sessionRevokedAt: revoked_at, personActive: active };
}

function toPerson({ id, email, roles }: PersonRow): Person {
  return Person.parse({ id, email, roles });
}
