import { PersonId, type Role } from '@skyflo/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { KnownPerson } from '../domain/people.ts';

@Entity('people')
@Index('people_email', ['email'], { unique: true })
export class PersonEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  email!: string;

  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  @Column('text', { array: true })
  roles!: Role[];

  @Column('boolean', { default: true })
  active!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  toPerson(): KnownPerson {
    return { id: PersonId.parse(this.id), email: this.email, roles: this.roles, active: this.active };
  }
}
