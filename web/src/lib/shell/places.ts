import Inbox from '@lucide/svelte/icons/inbox';
import KeyRound from '@lucide/svelte/icons/key-round';
import MailX from '@lucide/svelte/icons/mail-x';
import Users from '@lucide/svelte/icons/users';

export type Place = { readonly path: string; readonly label: string; readonly icon: typeof Inbox };

const everybodys: readonly Place[] = [{ path: '/inbox', label: 'Inbox', icon: Inbox }];
const admins: readonly Place[] = [
  { path: '/people', label: 'People', icon: Users },
  { path: '/dead-letters', label: 'Dead letters', icon: MailX },
];

/** What is one's own to set; it hangs on the person. */
export const settings: readonly Place[] = [{ path: '/settings/tokens', label: 'Access tokens', icon: KeyRound }];

/** The pages beside the conversations. */
export function placesFor(admin: boolean): readonly Place[] {
  return admin ? [...everybodys, ...admins] : everybodys;
}
