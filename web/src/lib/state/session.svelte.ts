import { hasRole, type Person, type Role } from '@skyflo/contracts';

/** Who is signed in. Set by the layout that guards the pages behind the door. */
class SessionState {
  #person = $state.raw<Person | undefined>(undefined);

  get person(): Person | undefined {
    return this.#person;
  }

  begin(person: Person): void {
    this.#person = person;
  }

  end(): void {
    this.#person = undefined;
  }

  may(role: Role): boolean {
    return this.#person !== undefined && hasRole(this.#person.roles, role);
  }
}

export const session = new SessionState();
