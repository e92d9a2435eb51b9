import { oneOf } from '#lib/format/words.ts';

/**
 * Who may decide, by name where it is known: only administrators are told who everybody is. `others` are the names of the
 * approvers beside the reader.
 */
export function mayDecideWords(may: boolean, others: readonly string[] | undefined): string {
  if (others === undefined) return may ? 'You, or another approver' : 'An approver';
  return oneOf([...(may ? ['You'] : []), ...others]) || 'Nobody yet: no approver has an account';
}
