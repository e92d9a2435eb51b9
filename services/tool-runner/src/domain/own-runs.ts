import type {
  CallId,
  ConversationId,
  FailureRecord,
  GrantId,
  JsonObject,
  PersonRef,
  RefusalReason,
  RunId,
  Undone,
} from '@skyflo/contracts';
import type { Tx } from '@skyflo/store';

/** How a call over MCP ended, as its client is told. */
export type Ending =
  | {
      readonly outcome: 'finished';
      readonly text: string;
      readonly truncated: boolean;
      readonly facts?: JsonObject;
      readonly checks?: readonly { readonly tool: string; readonly args: JsonObject; readonly expected: string }[];
      readonly undone?: readonly Undone[];
      readonly grantId?: GrantId;
    }
  | { readonly outcome: 'failed'; readonly failure: FailureRecord; readonly grantId?: GrantId }
  | { readonly outcome: 'cancelled'; readonly reason: string }
  | {
      readonly outcome: 'uncertain';
      readonly sent: string;
      readonly seen: string;
      readonly next: string;
      readonly grantId: GrantId;
    }
  | { readonly outcome: 'refused'; readonly why: RefusalReason; readonly message: string };

export type OwnRun = {
  readonly runId: RunId;
  readonly callId: CallId;
  readonly conversationId: ConversationId;
  readonly requestedBy: PersonRef;
};
/** Which request of which client a run answers: what a cancellation names. */
export type ClientRequest = { readonly clientId: string; readonly requestId: string };

/**
 * Runs that this service requested itself, one call each, for MCP clients that wait for the answer:
 *
 *     attended ── call closed ──▶ ended            whatever closes the call ends the run, in the same transaction
 *        └── client or process gone ──▶ left ── call closed ──▶ ended      left once: then it is asked to stop
 */
export abstract class OwnRuns {
  /** False where a run of this id was begun before. */
  abstract add(
    tx: Tx,
    run: OwnRun & {
      readonly request: ClientRequest;
      readonly attendedForMs: number;
      /** The toolset that the call loads. */
      readonly loads?: string | undefined;
    },
  ): Promise<boolean>;
  /** The run that the call was all of; undefined where it is none of ours, or has ended. */
  abstract end(tx: Tx, callId: string, ending: Ending): Promise<OwnRun | undefined>;
  /** Says that these are waited for, for so long; answers with those that have ended. */
  abstract attend(runIds: readonly string[], forMs: number): Promise<readonly { runId: string; ending: Ending }[]>;
  /** The run, if this is what leaves it; undefined where it was left before, or has ended. */
  abstract leave(tx: Tx, runId: string): Promise<OwnRun | undefined>;
  /** Runs that nobody waits for any more and that nobody has left. */
  abstract forsaken(limit: number): Promise<readonly string[]>;
  /** Open runs of that request. Clients that share a session may use the same number. */
  abstract findByRequest(request: ClientRequest): Promise<readonly string[]>;
  /** The toolsets that a client's calls have loaded, lately: nobody works on for longer, and a list should be short again. */
  abstract loadedBy(clientId: string): Promise<readonly string[]>;
}
