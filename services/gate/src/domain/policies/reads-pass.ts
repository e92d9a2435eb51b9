import type { Policy } from '../verdict.ts';

/** Looking changes nothing: reads, and previews that the API server only tries out, pass at once. */
export const readsPass: Policy = ({ description }) =>
  description?.class === 'read' || description?.class === 'preview' ? { kind: 'pass', policy: 'readsPass' } : undefined;
