import type { Person, PersonId, PersonRef } from '@skyflo/contracts';

export type KnownPerson = Person & { readonly active: boolean };
/** A person with what is needed to check that it is them. */
export type Credentials = { readonly person: KnownPerson; readonly passwordHash: string };
export type Newcomer = { readonly person: Person; readonly passwordHash: string; readonly createdBy?: PersonRef };

/** Who may sign in. Whoever is added is announced by `person.created` in the same transaction. */
export abstract class People {
  /** Unknown ids are left out; the order is nobody's business. */
  abstract findMany(ids: readonly PersonId[]): Promise<KnownPerson[]>;

  /** E-mail addresses are kept in lower case. */
  abstract findByEmail(email: string): Promise<Credentials | undefined>;

  /** False, and nothing done, where somebody has this e-mail address already. */
  abstract add(newcomer: Newcomer): Promise<boolean>;

  /** Whether nobody manages this installation yet, so that set-up is wanted. */
  abstract lackAdmin(): Promise<boolean>;

  /** Adds the first admin; false, and nothing done, where there is one. Of two at once one wins. */
  abstract addFirstAdmin(newcomer: Newcomer): Promise<boolean>;
}
