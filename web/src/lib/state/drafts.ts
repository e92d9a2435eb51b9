const keyOf = (conversation: string): string => `skyflo.draft.${conversation}`;

/** What somebody began to write is still there after a reload; `conversation` is an id, or `new`. */
export function readDraft(conversation: string): string {
  try {
    return localStorage.getItem(keyOf(conversation)) ?? '';
  } catch {
    return '';
  }
}

export function keepDraft(conversation: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(keyOf(conversation));
    else localStorage.setItem(keyOf(conversation), text);
  } catch {
    // Storage may be full or forbidden: the draft then lives as long as the page.
  }
}
