import { hasRole, type Person, type PersonId } from '@skyflo/contracts';

/** Whose a conversation is; all that access is decided by. */
export type Owned = { readonly owner: { readonly id: PersonId } };

/** Owners and admins see a conversation; to everybody else it does not exist. */
export function maySee(person: Person, conversation: Owned): boolean {
  return conversation.owner.id === person.id || hasRole(person.roles, 'admin');
}

/** What is said in a conversation is said in its owner's name, so not even an admin posts into another's. */
export function mayPost(person: Person, conversation: Owned): boolean {
  return conversation.owner.id === person.id && hasRole(person.roles, 'operator');
}

/** Who decides approvals sees all of them; everybody else those they asked for. */
export function approvalsOf(person: Person): { requestedBy?: PersonId } {
  return hasRole(person.roles, 'approver') ? {} : { requestedBy: person.id };
}
