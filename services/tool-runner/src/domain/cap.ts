/** What an event may carry; blobs take over beyond it. */
export const maxTextBytes = 64 * 1024;

export type Capped = { readonly text: string; readonly truncated: boolean };

/** Keeps head and tail of a text that is too long, cut at line ends, and says how much is missing in between. */
export function capText(text: string, maxBytes = maxTextBytes): Capped {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return { text, truncated: false };
  const half = Math.floor((maxBytes - 80) / 2);
  const decoder = new TextDecoder();
  const head = beforeLastLineEnd(decoder.decode(bytes.slice(0, half)).replace(/�+$/, ''));
  const tail = afterFirstLineEnd(decoder.decode(bytes.slice(-half)).replace(/^�+/, ''));
  const left = bytes.length - new TextEncoder().encode(head + tail).length;
  return { text: `${head}\n… ${left} bytes left out …\n${tail}`, truncated: true };
}

function beforeLastLineEnd(text: string): string {
  const end = text.lastIndexOf('\n');
  return end > text.length / 2 ? text.slice(0, end) : text;
}

function afterFirstLineEnd(text: string): string {
  const end = text.indexOf('\n');
  return end >= 0 && end < text.length / 2 ? text.slice(end + 1) : text;
}
