import type { Conversation } from '@skyflo/contracts';
import { ApiError } from '#lib/api/problem.ts';
import { keepUnanswered, readUnanswered } from '#lib/state/unanswered.ts';

export type Post = (conversationId: string, content: string, key: string) => Promise<unknown>;

/**
 * Posts messages so that none is posted twice. A request that got no answer may have arrived all the same, so the same words are
 * sent again under the same key, by which the gateway knows them; also after the page was loaded again.
 */
export class Sending {
  readonly #post: Post;

  constructor(post: Post) {
    this.#post = post;
  }

  /** `known` are the messages that are in the conversation now. Rejects with what to tell the person. */
  async send(conversationId: string, content: string, known: readonly string[]): Promise<void> {
    const before = readUnanswered(conversationId);
    // Of several tries, the first one's view counts: any of them may have arrived.
    const sent = before?.content === content ? before : { content, known, key: crypto.randomUUID() };
    keepUnanswered(conversationId, sent);
    try {
      await this.#post(conversationId, content, sent.key);
    } catch (thrown) {
      if (!mayHaveArrived(thrown)) keepUnanswered(conversationId, undefined);
      throw thrown;
    }
    keepUnanswered(conversationId, undefined);
  }

  /** The words that got no answer, once they are among these messages; each arrival is told once. */
  arrivedIn(conversationId: string, messages: Conversation['messages']): string | undefined {
    const sent = readUnanswered(conversationId);
    if (!sent) return undefined;
    const isIt = ({ id, role, content }: (typeof messages)[number]) =>
      role === 'user' && content === sent.content && !sent.known.includes(id);
    if (!messages.some(isIt)) return undefined;
    keepUnanswered(conversationId, undefined);
    return sent.content;
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
    ? 'No answer came, so it stays here. Send it again: if it has arrived already, nothing happens twice.'
    : 'You are offline. It stays here until you send it again.';
}
