import type { Policy } from '../verdict.ts';

export const toolIsUnknown: Policy = ({ description, tool }) =>
  description ? undefined : { kind: 'refuse', policy: 'toolIsUnknown', message: `There is no tool named "${tool}".` };
