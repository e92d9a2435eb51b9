import type {
  AnswerOf,
  Check,
  FailureRecord,
  FindTools,
  ModelDelta,
  Person,
  PersonRef,
  Usage,
} from '@skyflo/contracts';
import type { Lease, Tx } from '@skyflo/store';
import type { Prompt, Proposal } from './prompt.ts';
import type { SettledCall } from './proposals.ts';
import type { QueuePlace } from './queue.ts';
import type { CallResult, PastRun, RunView } from './run-view.ts';
import type { QueuedRun } from './turn.ts';
import type { VerificationCall } from './verification.ts';
import type { End } from './what-next.ts';

/** A piece of what the model says as it says it; `end` comes last, or the answer is not complete. */
export type ModelPiece =
  | { readonly kind: 'text' | 'thinking'; readonly text: string }
  | { readonly kind: 'end'; readonly proposals: readonly Proposal[]; readonly usage: Usage };

/** The language model. Throws a Failure that says whether trying again can help; after an abort the pieces just end. */
export abstract class Model {
  abstract readonly name: string;
  abstract ask(prompt: Prompt, signal: AbortSignal): AsyncIterable<ModelPiece>;
}

/** A whole answer, or what had arrived when the run was stopped or its time was up. */
export type Answer = {
  readonly text: string;
  readonly thinking: string;
  readonly proposals: readonly Proposal[];
  readonly usage: Usage;
  readonly firstTokenMs: number | undefined;
  readonly durationMs: number;
  readonly stopped: boolean;
  readonly timeUp: boolean;
};

export type ToolList = AnswerOf<typeof FindTools>;

/** The tools there are now; a list some seconds old is good enough. */
export abstract class Tools {
  abstract current(): Promise<ToolList>;
}

/** Streamed text for whoever is watching; lost without harm. */
export abstract class Deltas {
  abstract send(run: { id: string; conversationId: string }, data: ModelDelta['data']): void;
}

export type NewRun = {
  readonly id: string;
  readonly conversationId: string;
  readonly causeId: string;
  readonly content: string;
  readonly requestedBy: Person;
};

/** Runs and their queue. */
export abstract class Runs {
  /** False when the run is known already, or was given up before it came: then it is over. */
  abstract add(tx: Tx, run: NewRun): Promise<boolean>;
  /** May come before the run itself. */
  abstract requestStop(tx: Tx, runId: string, by: PersonRef): Promise<void>;
  /** Fails a run that is open, its open calls with it. `unknown`: it has not come; when it does, it is over. Locks the conversation. */
  abstract giveUp(
    tx: Tx,
    run: { id: string; conversationId: string; failure: FailureRecord },
  ): Promise<'open' | 'ended' | 'unknown'>;
  abstract conversationOf(tx: Tx, runId: string): Promise<string | undefined>;
  abstract view(runId: string): Promise<RunView | undefined>;
  /** What the conversation had come to when this run began, oldest first, and the run itself, with the text of outputs. */
  abstract history(run: { id: string; conversationId: string }): Promise<PastRun[]>;
  abstract isStopRequested(runId: string): Promise<boolean>;
  /** Runs that could go on but may have been forgotten, and ended runs whose thread is still there. */
  abstract forgotten(olderThanMs: number): Promise<{ id: string; ended: boolean }[]>;
  abstract threadDeleted(runId: string): Promise<void>;
  /** Counts what went wrong unexpectedly; resolves with how often in a row. */
  abstract countFault(runId: string): Promise<number>;
  /** Ends the run as failed at its next move, without an event of its own. */
  abstract fail(runId: string, failure: FailureRecord): Promise<void>;
}

/** What a run says and writes down under its lease: each is one transaction with its events, and at most once. */
export abstract class Journal {
  /** run.started before the first, and model.started. */
  abstract asked(lease: Lease, run: RunView, about: { step: number; model: string }): Promise<void>;
  abstract retried(
    lease: Lease,
    run: RunView,
    about: { step: number; failure: FailureRecord; afterMs: number },
  ): Promise<void>;
  abstract failed(lease: Lease, run: RunView, about: { step: number; failure: FailureRecord }): Promise<void>;
  /** The first answer to be written is the step's answer; model.completed and tool.requested leave with it. */
  abstract answered(
    lease: Lease,
    run: RunView,
    about: { step: number; answer: Answer; calls: readonly SettledCall[]; afterUntrustedText: boolean },
  ): Promise<void>;
  abstract verifying(
    lease: Lease,
    run: RunView,
    about: { step: number; calls: readonly VerificationCall[] },
  ): Promise<void>;
  abstract verified(lease: Lease, run: RunView, about: { step: number; checks: readonly Check[] }): Promise<void>;
  /** Resolves with the run whose turn it is now. */
  abstract ended(lease: Lease, run: RunView, end: End): Promise<string | undefined>;
}

/** Calls as their answers come in. */
export abstract class Calls {
  /** The run of the call when this closed it; undefined when it is unknown here or closed already. */
  abstract close(
    tx: Tx,
    callId: string,
    result: CallResult,
  ): Promise<{ runId: string; conversationId: string } | undefined>;
  abstract waitForPerson(tx: Tx, callId: string): Promise<{ runId: string; conversationId: string } | undefined>;
}

/** The conversation's turn, settled after each change that can move it. */
export abstract class Turns {
  /** Locks the conversation until the commit; resolves with the run whose turn it is. */
  abstract lock(tx: Tx, conversationId: string): Promise<string | null>;
  /** Locks likewise, and moves the turn where it has to move. */
  abstract settle(tx: Tx, conversationId: string): Promise<Turn>;
  /** Without a lock: what was true a moment ago. */
  abstract look(conversationId: string): Promise<{ holder: string | null; runs: readonly QueuedRun[] }>;
}

export type Turn = {
  readonly holder: string | null;
  readonly moved: boolean;
  /** A run that has not ended. */
  find(runId: string): QueuedRun | undefined;
};

/** What people want with runs that are queued. */
export abstract class Queue {
  /** Locks the conversation until the commit. */
  abstract place(tx: Tx, about: { conversationId: string; runId: string }): Promise<QueuePlace>;
  /** Remembered apart from the run, which may have yet to come. */
  abstract withdraw(tx: Tx, runId: string, by: PersonRef): Promise<void>;
  abstract moveUp(tx: Tx, runId: string, move: { by: PersonRef; at: string }): Promise<void>;
  /** Ends a withdrawn run; false when it has not come yet or has ended. */
  abstract end(tx: Tx, runId: string): Promise<boolean>;
}

/** Sets a run going. Harmless at any time: whoever is woken looks at the rows. */
export abstract class Wakes {
  /** Takes the run's lease with the transaction, where it is free, and sets the run going after the commit. */
  abstract wakeAfter(tx: Tx, runId: string): Promise<void>;
  abstract wake(runId: string): void;
  /** Stops the model in the middle of its answer if it is this process that is listening to it. */
  abstract interrupt(runId: string): void;
}
