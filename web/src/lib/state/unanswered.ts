/** A message that is on its way, or got no answer: its words, the key it was sent under, the messages that were there before. */
export type Unanswered = { readonly content: string; readonly key: string; readonly known: readonly string[] };

const inMemory = new Map<string, Unanswered>();
const nameOf = (conversation: string): string => `skyflo.unanswered.${conversation}`;

export function readUnanswered(conversation: string): Unanswered | undefined {
  const here = inMemory.get(conversation);
  if (here) return here;
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(nameOf(conversation)) ?? 'null');
    return isUnanswered(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function isUnanswered(kept: unknown): kept is Unanswered {
  if (typeof kept !== 'object' || kept === null || !('content' in kept && 'key' in kept && 'known' in kept))
    return false;
  return typeof kept.content === 'string' && typeof kept.key === 'string' && Array.isArray(kept.known);
}

/** Undefined once it was answered. */
export function keepUnanswered(conversation: string, message: Unanswered | undefined): void {
  if (message) inMemory.set(conversation, message);
  else inMemory.delete(conversation);
  try {
    if (message) localStorage.setItem(nameOf(conversation), JSON.stringify(message));
    else localStorage.removeItem(nameOf(conversation));
  } catch {
    // Storage may be full or forbidden: then it is known as long as the page lives.
  }
}
