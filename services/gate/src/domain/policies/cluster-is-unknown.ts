import type { Policy } from '../verdict.ts';

export const clusterIsUnknown: Policy = ({ cluster, clusters }) => {
  if (clusters.some((known) => known.name === cluster)) return undefined;
  const names = clusters.map((known) => known.name).join(', ') || 'none';
  return {
    kind: 'refuse',
    policy: 'clusterIsUnknown',
    message:
      cluster === undefined ? 'No cluster is configured.' : `There is no cluster named "${cluster}". Known: ${names}.`,
  };
};
