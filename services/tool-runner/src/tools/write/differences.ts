import { Failure, type FieldChange } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { changeList } from '../../domain/change-list.ts';

/** The changes that make an object what is wanted; refused where it is that already. */
export function differences(live: KubeObject, desired: KubeObject, already: string): FieldChange[] {
  const changes = changeList(live, desired);
  if (changes.length === 0) throw Failure.terminal('AlreadySo', `${already}; there is nothing to change.`);
  return changes;
}
