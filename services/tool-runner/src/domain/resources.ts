import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { withValue } from './edit.ts';
import { valueAt } from './json-pointer.ts';
import { canonicalQuantity, toNumber } from './quantity.ts';

export const sides = ['requests', 'limits'] as const;
type Side = (typeof sides)[number];
/** By the name of the resource; null takes it away. */
type Amounts = { readonly [resource: string]: string | null };
export type ResourceWish = { readonly [side in Side]?: Amounts | undefined };

/** Cores and bytes, huge pages, and what a device plugin offers: `nvidia.com/gpu`. */
export const resourceName =
  /^(cpu|memory|ephemeral-storage|hugepages-\d+[KMG]i|[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[A-Za-z0-9][-A-Za-z0-9_.]*)$/;

export type ResourceChange = {
  readonly side: Side;
  readonly resource: string;
  readonly from: string | null;
  readonly to: string | null;
};

/** What a wish means for the container at a place, in the words of the API server. */
export function resourceChanges(object: KubeObject, container: readonly string[], wish: ResourceWish) {
  return sides.flatMap((side) =>
    Object.entries(wish[side] ?? {}).map(([resource, amount]): ResourceChange => {
      const from = valueAt(object, [...container, 'resources', side, resource]);
      const to = amount === null ? null : amountOf(side, resource, amount);
      return { side, resource, from: typeof from === 'string' ? from : null, to };
    }),
  );
}

export function withResources(
  object: KubeObject,
  container: readonly string[],
  changes: readonly ResourceChange[],
): KubeObject {
  const changed = changes.reduce(
    (made, { side, resource, to }) => withValue(made, [...container, 'resources', side, resource], to ?? undefined),
    object,
  );
  // The server writes no empty maps of these: the last amount takes its map along.
  return sides.reduce((made, side) => {
    const place = [...container, 'resources', side];
    const left = Object.keys(valueAt(made, place) ?? {});
    return left.length === 0 ? withValue(made, place, undefined) : made;
  }, changed);
}

/** Whether there is less of it than before; a limit that comes anew counts as less. */
export function isLess({ side, from, to }: ResourceChange): boolean {
  if (to === null) return side === 'requests' && from !== null;
  if (from === null) return side === 'limits';
  return (toNumber(to) ?? 0) < (toNumber(from) ?? 0);
}

function amountOf(side: Side, resource: string, text: string): string {
  const canonical = canonicalQuantity(text);
  if (canonical === undefined) throw refused(side, resource, `"${text.slice(0, 30)}" is no amount`);
  const isBytes = resource === 'memory' || resource === 'ephemeral-storage' || resource.startsWith('hugepages-');
  if (isBytes && /[num]$/.test(canonical)) throw refused(side, resource, `${text} is a fraction of a byte`);
  if (resource === 'cpu' && /i$/.test(text)) throw refused(side, resource, `${text} counts bytes, no cores`);
  return canonical;
}

function refused(side: Side, resource: string, why: string): Failure {
  return Failure.terminal(
    'InvalidArguments',
    `${side}: ${resource} ${why}; write cpu as 250m or 2, memory as 256Mi or 1Gi.`,
  );
}
