/** Enough to recognise what a claim is about, too little for a message to fill the log with. */
const longest = 200;
const claimed = ['id', 'type', 'source', 'kid', 'subject', 'time'] as const;

export type Claims = { readonly bytes: number } & { readonly [Name in (typeof claimed)[number]]?: string };

/**
 * What a message that cannot be believed says of itself, for the log: who it wants to be from and what it wants to be. Nothing
 * of it was checked, and which connection sent it is known to the NATS server alone.
 */
export function claimsOf(payload: Uint8Array): Claims {
  const bytes = payload.length;
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (typeof said !== 'object' || said === null) return { bytes };
    const pairs = claimed.flatMap((name) => {
      const value: unknown = Reflect.get(said, name);
      return typeof value === 'string' ? [[name, value.slice(0, longest)]] : [];
    });
    return { bytes, ...(Object.fromEntries(pairs) as Partial<Claims>) };
  } catch {
    return { bytes }; // Not JSON: it claims nothing.
  }
}
