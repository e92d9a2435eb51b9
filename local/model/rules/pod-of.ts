import type { PlannedCall } from './toolbox.ts';
import { readTable } from './table.ts';
import { argOf, resultsOf, type Talk } from './talk.ts';

/** The read that lists the pods of the namespace. */
export function listPods(talk: Talk): PlannedCall[] {
  return talk.tools.call('k8s_get', { kind: 'Pod', namespace: talk.namespace });
}

/** Pods of a workload, by name, among the pods that were listed; undefined while none were listed. */
export function podsOf(talk: Talk, workload: string): { name: string; status: string }[] | undefined {
  const listed = resultsOf(talk, 'k8s_get').filter((result) => /^(pods?|po)$/i.test(argOf(result, 'kind', 'resource')));
  const newest = listed.at(-1);
  if (!newest) return undefined;
  return readTable(newest.text)
    .map((row) => ({ name: row['NAME'] ?? '', status: row['STATUS'] ?? '' }))
    .filter((pod) => pod.name === workload || workloadOf(pod.name) === workload);
}

/** `checkout-7d9c5b6f4-x2x7z` belongs to `checkout`, `db-0` to `db`. */
function workloadOf(pod: string): string {
  return pod.replace(/-[a-z0-9]{6,10}-[a-z0-9]{5}$/, '').replace(/-\d+$/, '');
}
