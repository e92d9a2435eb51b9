import { Injectable } from '@nestjs/common';
import { newId, type NewPerson, PersonId, type PersonRef } from '@skyflo/contracts';
import type { Newcomer } from '../domain/people.ts';
import { passwordObjection } from '../domain/password-policy.ts';
import { Passwords } from '../domain/passwords.ts';
import { invalid } from './http-problem.ts';

/** Makes of what was asked for a person who can be added: an id, and a password that was checked and hashed. */
@Injectable()
export class Newcomers {
  constructor(private readonly passwords: Passwords) {}

  async prepare({ email, password, roles }: NewPerson, createdBy?: PersonRef): Promise<Newcomer> {
    const objection = passwordObjection(password, email);
    if (objection !== undefined) throw invalid({ field: '/password', message: objection });
    const person = { id: PersonId.parse(newId()), email, roles: [...new Set(roles)] };
    const passwordHash = await this.passwords.hash(password);
    return { person, passwordHash, ...(createdBy && { createdBy: { id: createdBy.id, email: createdBy.email } }) };
  }
}
