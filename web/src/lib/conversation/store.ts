import { foldConversation, type Conversation, type ConversationView, type FoldableEvent } from '@skyflo/contracts';

/**
 * One conversation as this browser knows it: a snapshot, and every event since, folded with the same code that persistence
 * uses. It knows no framework and no network.
 */
export class ConversationStore {
  #state: Conversation;
  #cursor: string;
  readonly #onChange: (state: Conversation) => void;

  constructor(view: ConversationView, onChange: (state: Conversation) => void) {
    const { cursor, ...state } = view;
    this.#state = state;
    this.#cursor = cursor;
    this.#onChange = onChange;
    onChange(state);
  }

  get state(): Conversation {
    return this.#state;
  }

  /** Where the stream continues without a gap. */
  get cursor(): string {
    return this.#cursor;
  }

  apply(event: FoldableEvent, cursor: string): void {
    this.#cursor = cursor;
    const next = foldConversation(this.#state, event) ?? this.#state;
    if (next === this.#state) return;
    this.#state = next;
    this.#onChange(next);
  }
}
