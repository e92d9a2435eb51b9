import type { ClusterState } from '@skyflo/contracts';

export type Suggestion = {
  readonly ask: string;
  readonly detail: string;
  /** Whether it only looks, or ends in a change that somebody has to approve. */
  readonly kind: 'read' | 'change';
  readonly icon: 'search' | 'gauge' | 'rotate' | 'scale';
};

// The sandbox is seeded with the namespace `shop`, whose troubles are real.
const inSandbox: readonly Suggestion[] = [
  {
    ask: 'What is wrong in shop?',
    detail: 'Looks at pods, events and logs, and sums up',
    kind: 'read',
    icon: 'search',
  },
  {
    ask: 'Scale checkout to 3',
    detail: 'Shows the exact change before anything happens',
    kind: 'change',
    icon: 'scale',
  },
  {
    ask: 'Which pods in shop are not ready?',
    detail: 'One list, with the reason for each',
    kind: 'read',
    icon: 'gauge',
  },
  { ask: 'Restart checkout in shop', detail: 'Replaces its pods one at a time', kind: 'change', icon: 'rotate' },
];

const anywhere: readonly Suggestion[] = [
  {
    ask: 'Which pods are not ready, and why?',
    detail: 'Looks at pods, events and logs, and sums up',
    kind: 'read',
    icon: 'search',
  },
  {
    ask: 'Show the warning events of the last hour',
    detail: 'Newest first, grouped by object',
    kind: 'read',
    icon: 'gauge',
  },
];

export function suggestionsFor(clusters: readonly ClusterState[]): readonly Suggestion[] {
  return clusters.length === 0 || clusters.some((cluster) => cluster.name === 'sandbox') ? inSandbox : anywhere;
}
