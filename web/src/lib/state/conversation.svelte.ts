import type { Conversation, ConversationView } from '@skyflo/contracts';
import { api } from '#lib/api/api.ts';
import { ConversationStore } from '#lib/conversation/store.ts';
import { follow, type Connection } from '#lib/stream/follow.ts';

type Watcher = {
  readonly onConnection: (connection: Connection) => void;
  readonly onEvent: () => void;
};

/** One conversation in view, kept current by its stream. */
export class LiveConversation {
  #state = $state.raw<Conversation | undefined>(undefined);
  readonly #id: string;
  #store: ConversationStore;

  constructor(view: ConversationView) {
    this.#id = view.id;
    this.#store = this.#begin(view);
  }

  get conversation(): Conversation {
    return this.#state ?? this.#store.state;
  }

  /** Follows until the returned function is called. */
  follow(watcher: Watcher): () => void {
    return follow({
      cursor: this.#store.cursor,
      url: (cursor) => api.eventsUrl(this.#id, cursor),
      onConnection: watcher.onConnection,
      renew: () => api.me(),
      reload: async () => {
        this.#store = this.#begin(await api.conversation(this.#id));
        return this.#store.cursor;
      },
      onEvent: (event, cursor) => {
        this.#store.apply(event, cursor);
        watcher.onEvent();
      },
    });
  }

  #begin(view: ConversationView): ConversationStore {
    return new ConversationStore(view, (state) => (this.#state = state));
  }
}
