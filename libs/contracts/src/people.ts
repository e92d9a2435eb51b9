import { z } from 'zod';
import { PersonId } from './ids.ts';

/** From least to most; each includes the lower ones. Viewers read, operators ask, approvers decide, admins manage. */
export const roles = ['viewer', 'operator', 'approver', 'admin'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** A person as named in events: enough to say who, never enough to act as them. */
export const PersonRef = z.object({ id: PersonId, email: z.string() });
export type PersonRef = z.infer<typeof PersonRef>;

export const Person = PersonRef.extend({ roles: z.array(Role).min(1) });
export type Person = z.infer<typeof Person>;

export function hasRole(held: readonly Role[], needed: Role): boolean {
  return held.some((role) => roles.indexOf(role) >= roles.indexOf(needed));
}
