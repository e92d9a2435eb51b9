/** For what ends, starts and replaces no pod. */
export const noPods = { podsReplaced: 0, podsAdded: 0, podsRemoved: 0 } as const;

export function countPods(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}
