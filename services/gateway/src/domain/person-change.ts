import { hasRole, type PersonChange, type Role } from '@skyflo/contracts';
import type { KnownPerson } from './people.ts';

export type PersonDiff = {
  readonly after: KnownPerson;
  /** Which events say it: a change of roles or a return is one, an end of acting the other. */
  readonly changed: boolean;
  readonly deactivated: boolean;
};

/** What a change makes of somebody, and what of it is news. */
export function applyChange(before: KnownPerson, { roles, active }: PersonChange): PersonDiff {
  const after = { ...before, roles: roles ? [...new Set(roles)] : before.roles, active: active ?? before.active };
  const deactivated = before.active && !after.active;
  return { after, deactivated, changed: !sameRoles(before.roles, after.roles) || (!before.active && after.active) };
}

export function isActingAdmin({ roles, active }: Pick<KnownPerson, 'roles' | 'active'>): boolean {
  return active && hasRole(roles, 'admin');
}

function sameRoles(one: readonly Role[], other: readonly Role[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role));
}
