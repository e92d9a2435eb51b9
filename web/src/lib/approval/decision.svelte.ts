import type { ApprovalRequest, Decision as Verdict } from '@skyflo/contracts';
import { ApiError, sentenceOf } from '#lib/api/problem.ts';
import { decidedHere } from './decided-here.ts';
import { checkDigest } from './digest-check.ts';

type Send = (callId: string, verdict: Verdict, digest: string, reason?: string) => Promise<void>;

/** Why a decision did not count; a conflict that names another digest means that the plan was made anew. */
export type Rejection = { readonly kind: 'reset' | 'expired' | 'forbidden' | 'other'; readonly message: string };

/** One person deciding about one digest, from the open card until the gate has taken it. */
export class Decision {
  reason = $state('');
  #sending = $state<Verdict | undefined>(undefined);
  #rejection = $state.raw<Rejection | undefined>(undefined);
  #reasonMissing = $state(false);
  readonly #request: ApprovalRequest;
  readonly #send: Send;
  readonly check;

  constructor(request: ApprovalRequest, send: Send) {
    this.#request = request;
    this.#send = send;
    this.check = checkDigest(request);
  }

  /** Which of the two is on its way; stays set until the gate's event replaces the card. */
  get sending(): Verdict | undefined {
    return this.#sending;
  }

  get rejection(): Rejection | undefined {
    return this.#rejection;
  }

  get reasonMissing(): boolean {
    return this.#reasonMissing && this.reason.trim() === '';
  }

  get blocked(): boolean {
    return !this.check.equal || this.#rejection?.kind === 'reset' || this.#rejection?.kind === 'expired';
  }

  approve(): Promise<void> {
    return this.#decide('approve');
  }

  async refuse(): Promise<void> {
    this.#reasonMissing = this.reason.trim() === '';
    if (!this.#reasonMissing) await this.#decide('refuse');
  }

  async #decide(verdict: Verdict): Promise<void> {
    // A wrong digest blocks approving only: refusing what cannot be trusted must stay possible.
    if (this.#sending || (verdict === 'approve' && this.blocked)) return;
    this.#sending = verdict;
    this.#rejection = undefined;
    decidedHere.add(this.#request.callId);
    try {
      const digest = verdict === 'approve' ? this.check.computed : this.#request.digest;
      await this.#send(this.#request.callId, verdict, digest, this.reason.trim() || undefined);
    } catch (thrown) {
      decidedHere.delete(this.#request.callId);
      this.#sending = undefined;
      this.#rejection = toRejection(thrown, this.#request.digest);
    }
  }
}

function toRejection(thrown: unknown, digest: string): Rejection {
  const message = sentenceOf(thrown);
  if (!(thrown instanceof ApiError)) return { kind: 'other', message };
  const { currentDigest } = thrown.problem;
  if (thrown.status === 410) return { kind: 'expired', message };
  if (thrown.status === 403) return { kind: 'forbidden', message };
  if (thrown.status === 409 && currentDigest !== undefined && currentDigest !== digest)
    return { kind: 'reset', message };
  return { kind: 'other', message };
}
