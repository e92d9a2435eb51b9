import type { Conversation } from '@skyflo/contracts';
import { ApiError } from '#lib/api/problem.ts';

export type Post = (conversationId: string, content: string) => Promise<unknown>;
export type Look = (conversationId: string) => Promise<Pick<Conversation, 'messages'>>;

type Unanswered = { readonly content: string; readonly known: ReadonlySet<string> };

/**
 * Posts messages so that none is posted twice. A request that got no answer may have arrived all the same; before the same
 * words are sent again, the conversation is asked whether they are there.
 *
 * What remains: a request that still travels when the conversation is looked at. The person pressed the button again, seconds
 * later, so that is a network which held a request back for longer than it took to fail.
 */
export class Sending {
  readonly #post: Post;
  readonly #look: Look;
  #unanswered: Unanswered | undefined;

  constructor(post: Post, look: Look) {
    this.#post = post;
    this.#look = look;
  }

  /** `known` are the messages that are in the conversation now. Rejects with what to tell the person. */
  async send(conversationId: string, content: string, known: readonly string[]): Promise<void> {
    if (await this.#hasArrived(conversationId, content)) return;
    try {
      await this.#post(conversationId, content);
    } catch (thrown) {
      // Of several tries, the first one's view counts: any of them may have arrived.
      if (mayHaveArrived(thrown) && this.#unanswered?.content !== content)
        this.#unanswered = { content, known: new Set(known) };
      throw thrown;
    }
    this.#unanswered = undefined;
  }

  /** The words that got no answer, once they are among these messages; each arrival is told once. */
  arrivedIn(messages: Conversation['messages']): string | undefined {
    const unanswered = this.#unanswered;
    const arrived = messages.some(
      ({ id, role, content }) => role === 'user' && content === unanswered?.content && !unanswered.known.has(id),
    );
    if (!arrived) return undefined;
    this.#unanswered = undefined;
    return unanswered?.content;
  }

  async #hasArrived(conversationId: string, content: string): Promise<boolean> {
    if (this.#unanswered?.content !== content) return false;
    const { messages } = await this.#look(conversationId);
    return this.arrivedIn(messages) !== undefined;
  }
}

/** No answer at all, or one from a server in trouble: the message may be in the conversation or not. */
export function mayHaveArrived(thrown: unknown): boolean {
  return thrown instanceof ApiError && (thrown.status === 0 || thrown.status >= 500);
}

/** What the person is told about a message that stays in the field. */
export function unsentWords(thrown: unknown, online: boolean): string | undefined {
  if (!mayHaveArrived(thrown)) return undefined;
  return online
    ? 'No answer came, so it stays here. Before it is sent again, Skyflo looks whether it arrived.'
    : 'You are offline. It stays here until you send it again.';
}
