import type { Verdict } from '../verdict.ts';

/** The last word of the chain: everything that is not known to be a read is taken for a write. */
export const writesNeedAnApprover: Verdict & { readonly kind: 'require' } = {
  kind: 'require',
  policy: 'writesNeedAnApprover',
  approvals: 1,
  message: 'One approver has to approve a change; whoever asked for it may be that approver.',
};
