import {
  type AskedOf,
  type AnswerOf,
  type DecideApproval,
  type Decision,
  hasRole,
  type Person,
  type Plan,
} from '@skyflo/contracts';

/**
 * One revision of a call that waits for people.
 *
 *     open ──approve (quorum)──▶ approved      exactly one of these ever happens; the row's lock decides a race
 *       ├────refuse────────────▶ refused
 *       ├────time──────────────▶ expired
 *       └────stop, run's end───▶ withdrawn
 */
export type Approval = {
  readonly callId: string;
  readonly revision: number;
  readonly digest: string;
  readonly plan: Plan;
  readonly state: 'open' | 'approved' | 'refused' | 'expired' | 'withdrawn';
  readonly needed: number;
  readonly expiresAt: Date;
  readonly decisions: readonly PastDecision[];
};
export type PastDecision = { readonly person: Person; readonly decision: Decision; readonly digest: string };
export type PersonNow = Person & { readonly active: boolean };

export type Ruling = {
  readonly answer: AnswerOf<typeof DecideApproval>;
  /** What the decision does to the approval; undefined: nothing changes. */
  readonly effect?: 'recorded' | 'approved' | 'refused' | 'expired';
};

type Situation = {
  readonly approval: Approval | undefined;
  readonly asked: AskedOf<typeof DecideApproval>;
  /** Both as they are now; undefined: no longer known. */
  readonly person: PersonNow | undefined;
  readonly requester: PersonNow | undefined;
  readonly now: Date;
};

/** Whether a decision counts, and what it does. Pure: the caller holds the approval's lock. */
export function rule({ approval, asked, person, requester, now }: Situation): Ruling {
  if (!approval) return { answer: { outcome: 'unknown', message: 'No such approval.' } };
  if (!person?.active || !hasRole(person.roles, 'approver')) {
    return { answer: { outcome: 'forbidden', message: 'Deciding takes the role approver, now.' } };
  }
  const earlier = approval.decisions.find((past) => past.person.id === person.id);
  if (earlier && earlier.decision === asked.decision && earlier.digest === asked.digest)
    return { answer: { outcome: 'repeated' } };
  if (approval.state === 'expired') return { answer: expired };
  if (approval.state !== 'open')
    return { answer: { outcome: 'conflict', message: closedWords(approval), currentDigest: approval.digest } };
  if (now >= approval.expiresAt) return { answer: expired, effect: 'expired' };
  if (asked.digest !== approval.digest) {
    const message = 'The decision is about another plan than the one that waits. Look at the current one.';
    return { answer: { outcome: 'conflict', message, currentDigest: approval.digest } };
  }
  if (earlier)
    return {
      answer: { outcome: 'conflict', message: 'You decided otherwise before.', currentDigest: approval.digest },
    };
  if (asked.decision === 'refuse') return { answer: { outcome: 'accepted' }, effect: 'refused' };
  if (!requester?.active || !hasRole(requester.roles, 'operator')) {
    return {
      answer: { outcome: 'forbidden', message: 'Whoever asked for this change may no longer ask for changes.' },
    };
  }
  const approvals = approval.decisions.filter((past) => past.decision === 'approve').length + 1;
  return { answer: { outcome: 'accepted' }, effect: approvals >= approval.needed ? 'approved' : 'recorded' };
}

const expired = { outcome: 'expired', message: 'Nobody decided in time. Nothing was changed.' } as const;

function closedWords(approval: Approval): string {
  const last = approval.decisions.at(-1);
  if (approval.state === 'approved') return `${last?.person.email ?? 'Somebody'} approved this already.`;
  if (approval.state === 'refused')
    return `${last?.person.email ?? 'Somebody'} refused this already. Nothing was changed.`;
  return 'The run ended before a decision. Nothing was changed.';
}
