import type { Message } from '@skyflo/contracts';
import { describe, expect, it } from 'vitest';
import { ApiError, unreachable } from '#lib/api/problem.ts';
import { Sending } from './sending.ts';

/** A gateway that takes messages, and whose answers get lost as told. */
function aGateway(losses: readonly ('none' | 'request' | 'answer' | 'refused')[]): {
  sending: Sending;
  messages: Message[];
} {
  const messages: Message[] = [];
  const next = [...losses];
  const post = (_conversation: string, content: string): Promise<void> => {
    const loss = next.shift();
    if (loss === 'request') return Promise.reject(unreachable());
    if (loss === 'refused') return Promise.reject(aRefusal());
    messages.push({ id: `m${messages.length}`, role: 'user', content } as Message);
    return loss === 'answer' ? Promise.reject(unreachable()) : Promise.resolve();
  };
  return { sending: new Sending(post, () => Promise.resolve({ messages })), messages };
}

function aRefusal(): ApiError {
  const detail = 'Only its owner posts in a conversation.';
  return new ApiError({ type: 'about:blank', title: detail, status: 403, detail, code: 'NotOwner' });
}

describe('sending a message', () => {
  it('does not post it twice when only the answer got lost', async () => {
    const { sending, messages } = aGateway(['answer']);
    await expect(sending.send('c', 'restart checkout', [])).rejects.toThrow();
    await sending.send('c', 'restart checkout', []);
    expect(messages).toHaveLength(1);
  });

  it('posts it again when it never arrived', async () => {
    const { sending, messages } = aGateway(['request', 'request']);
    await expect(sending.send('c', 'restart checkout', [])).rejects.toThrow();
    await expect(sending.send('c', 'restart checkout', [])).rejects.toThrow();
    await sending.send('c', 'restart checkout', []);
    expect(messages).toHaveLength(1);
  });

  it('finds the one that arrived of several tries', async () => {
    const { sending, messages } = aGateway(['answer', 'answer']);
    await expect(sending.send('c', 'restart checkout', [])).rejects.toThrow();
    // By now the page has seen the message; it still is the one that was looked for.
    await sending.send('c', 'restart checkout', ['m0']);
    expect(messages).toHaveLength(1);
  });

  it('posts the same words a second time when the first were answered', async () => {
    const { sending, messages } = aGateway([]);
    await sending.send('c', 'and now?', []);
    await sending.send('c', 'and now?', ['m0']);
    expect(messages).toHaveLength(2);
  });

  it('does not take the same words of an earlier message for the lost one', async () => {
    const { sending, messages } = aGateway(['none', 'request']);
    await sending.send('c', 'and now?', []);
    await expect(sending.send('c', 'and now?', ['m0'])).rejects.toThrow();
    await sending.send('c', 'and now?', ['m0']);
    expect(messages).toHaveLength(2);
  });

  it('notices by itself when the lost one shows up in the conversation, once', async () => {
    const { sending, messages } = aGateway(['answer']);
    await expect(sending.send('c', 'restart checkout', [])).rejects.toThrow();
    expect(sending.arrivedIn([])).toBeUndefined();
    expect([sending.arrivedIn(messages), sending.arrivedIn(messages)]).toEqual(['restart checkout', undefined]);
  });

  it('looks for nothing after a refusal: that is an answer', async () => {
    const { sending, messages } = aGateway(['refused']);
    await expect(sending.send('c', 'restart checkout', [])).rejects.toThrow('Only its owner');
    await sending.send('c', 'restart checkout', []);
    expect(messages).toHaveLength(1);
  });
});
