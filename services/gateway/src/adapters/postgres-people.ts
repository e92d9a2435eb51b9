import { Injectable } from '@nestjs/common';
import { PersonChanged, PersonCreated, PersonDeactivated, type PersonId } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Store, type Tx } from '@skyflo/store';
import { In, type Repository } from 'typeorm';
import {
  type Change,
  type Changed,
  type Credentials,
  type KnownPerson,
  type ListedPerson,
  type Newcomer,
  People,
} from '../domain/people.ts';
import { applyChange, isActingAdmin } from '../domain/person-change.ts';
import { endEverythingOf } from './end-everything-of.ts';
import { PersonEntity } from './person.entity.ts';

const anyAdmin = `select 1 from people where 'admin' = any (roles) limit 1`;

@Injectable()
export class PostgresPeople extends People {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async findMany(ids: readonly PersonId[]): Promise<KnownPerson[]> {
    const rows = await this.rows.findBy({ id: In(ids) });
    return rows.map((row) => row.toPerson());
  }

  override async findByEmail(email: string): Promise<Credentials | undefined> {
    const row = await this.rows.findOneBy({ email });
    return row ? { person: row.toPerson(), passwordHash: row.passwordHash } : undefined;
  }

  override add(newcomer: Newcomer): Promise<boolean> {
    return this.store.transaction((tx) => this.insert(tx, newcomer));
  }

  override async list(): Promise<ListedPerson[]> {
    const rows = await this.rows.find({ order: { createdAt: 'asc', id: 'asc' } });
    return rows.map((row) => ({ ...row.toPerson(), createdAt: row.createdAt }));
  }

  override change({ id, wanted, by }: Change): Promise<Changed> {
    return this.store.transaction(async (tx): Promise<Changed> => {
      await oneAtATime(tx);
      const rows = tx.manager.getRepository(PersonEntity);
      const admins = (await rows.findBy({ active: true })).map((row) => row.toPerson()).filter(isActingAdmin);
      if (!admins.some((admin) => admin.id === by.id)) return 'not-an-admin';
      const before = (await rows.findOneBy({ id }))?.toPerson();
      if (!before) return 'unknown';
      const { after, changed, deactivated } = applyChange(before, wanted);
      if (!isActingAdmin(after) && admins.every((admin) => admin.id === id)) return 'last-admin';
      await rows.update({ id }, { roles: [...after.roles], active: after.active });
      const { email, roles } = after;
      if (deactivated) await endEverythingOf(tx, { person: after, by, at: this.clock.now() });
      if (changed) {
        const { roles: rolesBefore, active } = before;
        const data = { person: { id, email, roles }, before: { roles: rolesBefore, active }, changedBy: by };
        await tx.emit(PersonChanged, { data });
      }
      if (deactivated) await tx.emit(PersonDeactivated, { data: { person: { id, email }, deactivatedBy: by } });
      return after;
    });
  }

  override async lackAdmin(): Promise<boolean> {
    return (await this.store.query(anyAdmin)).length === 0;
  }

  override addFirstAdmin(newcomer: Newcomer): Promise<boolean> {
    return this.store.transaction(async (tx) => {
      // A second set-up waits here and then finds the first one's admin.
      await oneAtATime(tx);
      return (await tx.query(anyAdmin)).length === 0 && (await this.insert(tx, newcomer));
    });
  }

  private get rows(): Repository<PersonEntity> {
    return this.store.dataSource.getRepository(PersonEntity);
  }

  private async insert(tx: Tx, { person, passwordHash, createdBy }: Newcomer): Promise<boolean> {
    const inserted = await tx.query(
      `insert into people (id, email, password_hash, roles, created_at) values ($1, $2, $3, $4, $5)
       on conflict (email) do nothing returning id`,
      [person.id, person.email, passwordHash, person.roles, this.clock.now()],
    );
    if (inserted.length === 0) return false;
    await tx.emit(PersonCreated, { data: { person, createdBy } });
    return true;
  }
}

/** Whoever changes who manages waits for the one before; readers go on. */
async function oneAtATime(tx: Tx): Promise<void> {
  await tx.query('lock table people in share row exclusive mode');
}
