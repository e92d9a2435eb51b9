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

/** The highest role in words, since each includes the lower ones. */
export function roleWord(roles: readonly Role[]): string {
  const highest = ranked.find((role) => roles.includes(role));
  return highest ? roleWords[highest] : 'No role';
}
