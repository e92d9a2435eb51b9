import type { Person, PersonChange, PersonId, PersonRef } from '@skyflo/contracts';

export type KnownPerson = Person & { readonly active: boolean };
/** A person with what is needed to check that it is them. */
export type ListedPerson = KnownPerson & { readonly createdAt: Date };
export type Credentials = { readonly person: KnownPerson; readonly passwordHash: string };
export type Newcomer = { readonly person: Person; readonly passwordHash: string; readonly createdBy?: PersonRef };

export type Change = { readonly id: PersonId; readonly wanted: PersonChange; readonly by: PersonRef };
/** What became of a change: how the person is now, or why nothing was changed. */
export type Changed = KnownPerson | 'unknown' | 'last-admin' | 'not-an-admin';

/** Who may sign in and act. What changes is announced in the same transaction, by `person.created`, `changed` or `deactivated`. */
export abstract class People {
  /** Unknown ids are left out; the order is nobody's business. */
  abstract findMany(ids: readonly PersonId[]): Promise<KnownPerson[]>;

  /** E-mail addresses are kept in lower case. */
  abstract findByEmail(email: string): Promise<Credentials | undefined>;

  /** False, and nothing done, where somebody has this e-mail address already. */
  abstract add(newcomer: Newcomer): Promise<boolean>;

  /** Everybody, in the order in which they came. */
  abstract list(): Promise<ListedPerson[]>;

  /**
   * Changes roles or whether somebody may act. Whoever may no longer act is signed out everywhere, and their runs that are not
   * over are asked to stop. Changes come one after the other, so that of two admins who remove each other one stays; and who
   * was an admin a moment ago, when the change was asked for, must still be one.
   */
  abstract change(change: Change): Promise<Changed>;

  /** Whether nobody manages this installation yet, so that set-up is wanted. */
  abstract lackAdmin(): Promise<boolean>;

  /** Adds the first admin; false, and nothing done, where there is one. Of two at once one wins. */
  abstract addFirstAdmin(newcomer: Newcomer): Promise<boolean>;
}
