import type { CheckRequest, FailureRecord, Person, PersonRef, ToolFinished, ToolRequested } from '@skyflo/contracts';

/** A tool's arguments, as they travel. */
export type Args = ToolRequested['data']['args'];

/** How a call was closed, with what. `rejected` is the planner's own answer to a call it did not send on. */
export type CallResult =
  | ({ readonly outcome: 'finished'; readonly text: string; readonly truncated: boolean } & Pick<
      ToolFinished['data'],
      'facts' | 'checks'
    >)
  | { readonly outcome: 'failed' | 'rejected'; readonly failure: FailureRecord }
  | { readonly outcome: 'cancelled'; readonly reason: string }
  | { readonly outcome: 'uncertain'; readonly sent: string; readonly seen: string; readonly next: string }
  | {
      readonly outcome: 'refused';
      readonly why: string;
      readonly message: string;
      readonly by?: PersonRef | undefined;
      readonly reason?: string | undefined;
    };

export type CallView = {
  readonly id: string;
  readonly step: number;
  readonly index: number;
  readonly tool: string;
  readonly args: Args;
  /** Calls of a verification step: the write they are about and what they have to show. */
  readonly verifies: Verifies | null;
  readonly waitingAt: string | null;
  readonly closedAt: string | null;
  /** Null while the call is open. A view leaves the text of an output out, but for the first line of a check's; a history has it. */
  readonly result: CallResult | null;
};
export type Verifies = { readonly callId: string; readonly expected: string; readonly facts: CheckRequest['facts'] };

export type StepView = {
  readonly step: number;
  readonly kind: 'model' | 'verification';
  readonly text: string;
  /** Verification steps: the comparison has been recorded. */
  readonly verified: boolean;
};

/** A run as the planner's tables have it: everything the next move is decided from. */
export type RunView = {
  readonly id: string;
  readonly conversationId: string;
  /** The id of the event that asked for it. */
  readonly causeId: string;
  readonly requestedBy: Person;
  readonly startedAt: string | null;
  readonly stopRequestedBy: PersonRef | null;
  readonly failure: FailureRecord | null;
  /** Its time was up in the middle of an answer. */
  readonly timeUp: boolean;
  readonly ended: boolean;
  /** It is this run's turn to call the model for its conversation. */
  readonly hasTurn: boolean;
  readonly steps: readonly StepView[];
  readonly calls: readonly CallView[];
};

/** A run as the model is told of it. */
export type PastRun = {
  readonly id: string;
  readonly content: string;
  readonly endStatus: string | null;
  readonly steps: readonly StepView[];
  readonly calls: readonly CallView[];
};

export function callsOf(run: { readonly calls: readonly CallView[] }, step: number): CallView[] {
  return run.calls.filter((call) => call.step === step);
}

export function checksOf(call: CallView): readonly CheckRequest[] {
  return call.result?.outcome === 'finished' ? (call.result.checks ?? []) : [];
}
