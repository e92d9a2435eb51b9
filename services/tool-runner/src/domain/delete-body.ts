import type { Propagation } from '@skyflo/kube';

/**
 * The DeleteOptions of an approved delete. The uid is its precondition: a late duplicate meets another object under the name,
 * or none, and does nothing. What becomes of dependents is in the bytes too, because another policy would set finalizers.
 */
export function deleteBody({ uid, propagation }: { readonly uid: string; readonly propagation: Propagation }): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid },
    propagationPolicy: propagation,
  });
}
