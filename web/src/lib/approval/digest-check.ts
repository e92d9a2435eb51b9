import { planDigest, type ApprovalRequest } from '@skyflo/contracts';

/** The digest of what is shown here, and whether it is, as a whole, the one the gate asks a decision about. */
export type DigestCheck = { readonly computed: string; readonly equal: boolean };

export function checkDigest(request: Pick<ApprovalRequest, 'plan' | 'digest'>): DigestCheck {
  const computed = planDigest(request.plan);
  return { computed, equal: computed === request.digest };
}
