import type { AnswerOf, ApprovalRequest, Decision, FindTools, Person, PersonId, Plan } from '@skyflo/contracts';
import type { Tx } from '@skyflo/store';
import type { Approval, PersonNow } from './approval.ts';

/**
 * A call as the gate keeps it.
 *
 *     planning ──▶ waiting ──▶ passed        reads go straight to passed;
 *        └────────────┴──────▶ refused       closed: the tool-runner could not plan it and has said so
 */
export type CallState = 'planning' | 'waiting' | 'passed' | 'refused' | 'closed';
export type GateCall = {
  readonly callId: string;
  readonly conversationId: string;
  readonly runId: string;
  readonly tool: string;
  readonly cluster: string;
  readonly argsDigest: string;
  readonly requestedBy: Person;
  readonly afterUntrustedText: boolean;
  readonly state: CallState;
};

/** The calls the gate has seen, and which runs may not go on. Every lock is taken in the order call, then approval. */
export abstract class Calls {
  /** False where the call was already there: a redelivered request decides nothing anew. */
  abstract add(tx: Tx, call: GateCall): Promise<boolean>;
  abstract lock(tx: Tx, callId: string): Promise<GateCall | undefined>;
  abstract move(tx: Tx, callId: string, state: CallState): void;
  abstract endRun(tx: Tx, runId: string): Promise<void>;
  /** Takes a share lock on the run, so that an end of it waits for the transaction that asked. */
  abstract isRunEnded(tx: Tx, runId: string): Promise<boolean>;
  abstract waitingOf(tx: Tx, runId: string): Promise<readonly GateCall[]>;
}

export abstract class Approvals {
  abstract open(tx: Tx, request: ApprovalRequest): void;
  abstract lock(tx: Tx, callId: string): Promise<Approval | undefined>;
  abstract record(
    tx: Tx,
    approval: Approval,
    vote: { person: Person; decision: Decision; reason?: string; at: Date },
  ): void;
  abstract close(tx: Tx, approval: Approval, state: Exclude<Approval['state'], 'open'>): void;
  /** Call ids whose approval is open past its end, at most `limit`. */
  abstract overdue(now: Date, limit: number): Promise<readonly string[]>;
  abstract pending(now: Date, requestedBy: string | undefined): Promise<readonly ApprovalRequest[]>;
  /** Writes down that a grant id was given away; false where it was before. An id is never given twice. */
  abstract issue(tx: Tx, grantId: string, plan: Plan): Promise<boolean>;
}

/** People as they are now, asked afresh for each decision. */
export abstract class People {
  abstract find(ids: readonly PersonId[]): Promise<readonly PersonNow[]>;
}

/** What the tool-runner says of its tools and clusters. May be a few seconds old, never for a tool it does not know. */
export abstract class ToolDirectory {
  abstract look(tool: string): Promise<AnswerOf<typeof FindTools>>;
}
