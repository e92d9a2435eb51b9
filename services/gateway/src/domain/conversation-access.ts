import type { ConversationId, Person, PersonId, PersonRef, RunId } from '@skyflo/contracts';

/** What the gateway knows of a conversation by itself, from the moment it was opened. */
export type OwnedConversation = {
  readonly id: ConversationId;
  readonly title: string;
  readonly owner: PersonRef;
  readonly createdAt: Date;
};

/**
 * Whose a conversation is and which runs belong to it: all that access is decided by, without asking another service.
 * What happens is announced in the transaction that records it.
 */
export abstract class ConversationAccess {
  /** Announces `conversation.created`. */
  abstract open(about: { readonly owner: PersonRef; readonly title?: string | undefined }): Promise<ConversationId>;

  /**
   * The one conversation in which a person's calls over MCP are put on record; announces `conversation.created` at first
   * use, once however many ask at the same time.
   */
  abstract openForMcp(owner: PersonRef): Promise<ConversationId>;

  abstract find(id: ConversationId): Promise<OwnedConversation | undefined>;

  /** The newest first; of everybody where no owner is named. */
  abstract list(about: { readonly owner?: PersonId | undefined; readonly limit: number }): Promise<OwnedConversation[]>;

  /**
   * Announces `run.requested`; `ended`, and nothing done, where the person may no longer act. The same key in the same
   * conversation is the same message sent again: the run it made before, or `other-content` where it said something else.
   */
  abstract requestRun(
    id: ConversationId,
    message: { readonly content: string; readonly key?: string | undefined },
    requestedBy: Person,
  ): Promise<RunId | 'ended' | 'other-content'>;

  /**
   * Remembers a run that another service requested, so that it is seen and stopped like any other. Announces
   * `run.stop-requested` where its person may no longer act.
   */
  abstract runRequested(run: {
    readonly id: RunId;
    readonly conversationId: ConversationId;
    readonly by: Person;
  }): Promise<void>;

  abstract findByRun(id: RunId): Promise<OwnedConversation | undefined>;

  /** Another service requested it and sees to it: the planner, whose queue holds what was posted here, does not know it. */
  abstract isElsewhere(id: RunId): Promise<boolean>;

  /** Announces `run.stop-requested`, once per run however often it is asked. */
  abstract requestStop(conversation: ConversationId, run: RunId, by: PersonRef): Promise<void>;

  /** Remembers that a run is over, also of one that was not heard of yet. */
  abstract runCompleted(run: string, conversation: string): Promise<void>;
}
