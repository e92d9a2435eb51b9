import type { Finding, FoundObject, Severity } from '@skyflo/contracts';
import { keyOf } from './snapshot.ts';
import { type Trouble, troubleKinds } from './trouble.ts';

/** A trouble with everything that was folded into it. */
export type Folded = Trouble & { readonly also: readonly FoundObject[] };

const severities: readonly Severity[] = ['critical', 'warning', 'info'];

/**
 * One finding per cause: what another trouble explains is listed with that one (a Service whose pods pull no image, a rollout
 * that waits for them), and what has the same cause is told once. The worst first; same troubles in, same order out.
 */
export function foldTroubles(troubles: readonly Trouble[], about?: ReadonlySet<string>): Folded[] {
  const folded = foldExplained(troubles);
  const kept = about
    ? folded.filter(({ object, also }) => [object, ...also].some((one) => about.has(keyOf(one))))
    : folded;
  return foldAlike(kept).toSorted(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      troubleKinds.indexOf(a.kind) - troubleKinds.indexOf(b.kind) ||
      keyOf(a.object).localeCompare(keyOf(b.object)),
  );
}

/** Causes stand before effects in the order of `troubleKinds`, so one pass finds whole chains: pod, Service, Ingress. */
function foldExplained(troubles: readonly Trouble[]): Folded[] {
  const kept: { trouble: Trouble; also: Map<string, FoundObject> }[] = [];
  const explains = new Map<string, (typeof kept)[number]>();
  const order = (trouble: Trouble) => troubleKinds.indexOf(trouble.kind);
  for (const trouble of troubles.toSorted((a, b) => order(a) - order(b))) {
    const key = keyOf(trouble.object);
    const cause = trouble.because?.map((one) => explains.get(one)).find((found) => found !== undefined);
    if (cause) {
      if (key !== keyOf(cause.trouble.object)) cause.also.set(key, trouble.object);
      if (!explains.has(key)) explains.set(key, cause);
      continue;
    }
    if (trouble.onlyIfExplained === true) continue;
    const own = { trouble, also: new Map((trouble.also ?? []).map((one) => [keyOf(one), one])) };
    kept.push(own);
    if (!explains.has(key)) explains.set(key, own);
  }
  return kept.map(({ trouble, also }) => ({ ...trouble, also: [...also.values()] }));
}

function foldAlike(troubles: readonly Folded[]): Folded[] {
  const groups = Map.groupBy(troubles, ({ kind, cause, object }) =>
    cause === undefined ? `${kind} ${keyOf(object)}` : `${kind} ${object.namespace ?? ''} ${cause}`,
  );
  return [...groups.values()].flatMap((alike) => {
    const [first, ...others] = alike.toSorted(
      (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
    );
    if (!first) return [];
    const more = others.flatMap(({ object, also }) => [object, ...also]);
    return [{ ...first, also: [...first.also, ...more] }];
  });
}

/** What leaves the service of a folded trouble. */
export function toFinding({ severity, kind, object, why, said, also, next }: Folded): Finding {
  return {
    severity,
    kind,
    object,
    why: why.slice(0, 600),
    said: said.slice(0, 4).map((line) => line.slice(0, 300)),
    ...(also.length === 0 ? {} : { also: also.slice(0, 20) }),
    ...(next === undefined ? {} : { next }),
  };
}
