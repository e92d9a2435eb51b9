export type Provenance = {
  readonly method: string;
  /** The host the browser asked for, as seen before any proxy of ours. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which browsers set and pages cannot. */
  readonly fetchSite: string | undefined;
};

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that changes something was made by another site's page, which could ride on the cookies of whoever looks
 * at it. Programs send neither header and are not concerned: nobody tricks them into sending cookies.
 */
export function comesFromElsewhere({ method, host, origin, fetchSite }: Provenance): boolean {
  if (harmless.has(method)) return false;
  if (origin !== undefined) return hostOf(origin) !== host?.toLowerCase();
  return fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none';
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
