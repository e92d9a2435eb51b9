import type { Role } from '@skyflo/contracts';

/** How a person is called on screen: people are known by e-mail address only, so `mara.lindqvist@…` reads Mara Lindqvist. */
export function nameOf(email: string): string {
  const local = email.split('@')[0] ?? email;
  const words = local.split(/[._+-]+/).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || email;
}

export function initialsOf(email: string): string {
  const words = nameOf(email).split(' ');
  const first = words[0]?.charAt(0) ?? '';
  const last = words.length > 1 ? (words.at(-1)?.charAt(0) ?? '') : (words[0]?.charAt(1) ?? '');
  return (first + last).toUpperCase();
}

const ranked: readonly Role[] = ['admin', 'approver', 'operator', 'viewer'];
const roleWords: Record<Role, string> = {
  admin: 'Administrator',
  approver: 'Approver',
  operator: 'Operator',
  viewer: 'Viewer',
};

/** What somebody with this role may do, and what takes somebody else. */
export const roleMeaning: Record<Role, string> = {
  viewer: 'Reads conversations and clusters. Asks nothing, changes nothing.',
  operator: 'Asks questions and asks for changes. Somebody else approves them.',
  approver: 'Decides about changes, and all that an operator does.',
  admin: 'Manages people and what could not be worked off, and all that an approver does.',
};

export function highestRole(held: readonly Role[]): Role | undefined {
  return ranked.find((role) => held.includes(role));
}

/** The highest role in words, since each includes the lower ones. */
export function roleWord(roles: readonly Role[]): string {
  const highest = highestRole(roles);
  return highest ? roleWords[highest] : 'No role';
}
