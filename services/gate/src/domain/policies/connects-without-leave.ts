import type { Policy } from '../verdict.ts';

/** Class `connect` (proxies, exec) reaches into workloads; without a policy that allows it, it stays shut. */
export const connectsWithoutLeave: Policy = ({ description, tool }) =>
  description?.class === 'connect'
    ? { kind: 'refuse', policy: 'connectsWithoutLeave', message: `No policy allows "${tool}" to connect to workloads.` }
    : undefined;
