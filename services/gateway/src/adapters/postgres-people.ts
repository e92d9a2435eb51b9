import { Injectable } from '@nestjs/common';
import { PersonCreated, type PersonId } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Store, type Tx } from '@skyflo/store';
import { In, type Repository } from 'typeorm';
import { type Credentials, type KnownPerson, type Newcomer, People } from '../domain/people.ts';
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

  override async lackAdmin(): Promise<boolean> {
    return (await this.store.query(anyAdmin)).length === 0;
  }

  override addFirstAdmin(newcomer: Newcomer): Promise<boolean> {
    return this.store.transaction(async (tx) => {
      // Readers go on; a second set-up waits here and then finds the first one's admin.
      await tx.query('lock table people in share row exclusive mode');
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
