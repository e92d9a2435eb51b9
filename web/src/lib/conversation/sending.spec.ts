import type { Message } from '@skyflo/contracts';
import { describe, expect, it } from 'vitest';
import { ApiError, unreachable } from '#lib/api/problem.ts';
import { Sending } from './sending.ts';

/** A gateway that takes messages, one per key, and whose answers get lost as told. */
function aGateway(losses: readonly ('none' | 'request' | 'answer' | 'refused')[]) {
  const messages: Message[] = [];
  const keys = new Set<string>();
  const next = [...losses];
  const post = (_conversation: string, content: string, key: string): Promise<void> => {
    const loss = next.shift();
    if (loss === 'request') return Promise.reject(unreachable());
    if (loss === 'refused') return Promise.reject(aRefusal());
    if (!keys.has(key)) messages.push({ id: `m${messages.length}`, role: 'user', content } as Message);
    keys.add(key);
    return loss === 'answer' ? Promise.reject(unreachable()) : Promise.resolve();
  };
  return { sending: new Sending(post), anotherPage: () => new Sending(post), messages, conversation: `c${counted++}` };
}
let counted = 0;

function aRefusal(): ApiError {
  const detail = 'Only its owner posts in a conversation.';
  return new ApiError({ type: 'about:blank', title: detail, status: 403, detail, code: 'NotOwner' });
}

describe('sending a message', () => {
  it('does not post it twice when only the answer got lost', async () => {
    const { sending, messages, conversation } = aGateway(['answer']);
    await expect(sending.send(conversation, 'restart checkout', [])).rejects.toThrow();
    await sending.send(conversation, 'restart checkout', []);
    expect(messages).toHaveLength(1);
  });

  it('does not post it twice either when the page was loaded again in between', async () => {
    const { sending, anotherPage, messages, conversation } = aGateway(['answer']);
    await expect(sending.send(conversation, 'restart checkout', [])).rejects.toThrow();
    await anotherPage().send(conversation, 'restart checkout', ['m0']);
    expect(messages).toHaveLength(1);
  });

  it('posts it again when it never arrived', async () => {
    const { sending, messages, conversation } = aGateway(['request', 'request']);
    await expect(sending.send(conversation, 'restart checkout', [])).rejects.toThrow();
    await expect(sending.send(conversation, 'restart checkout', [])).rejects.toThrow();
    await sending.send(conversation, 'restart checkout', []);
    expect(messages).toHaveLength(1);
  });

  it('posts the same words a second time when the first were answered', async () => {
    const { sending, messages, conversation } = aGateway([]);
    await sending.send(conversation, 'and now?', []);
    await sending.send(conversation, 'and now?', ['m0']);
    expect(messages).toHaveLength(2);
  });

  it('posts other words as another message, though the first got no answer', async () => {
    const { sending, messages, conversation } = aGateway(['answer']);
    await expect(sending.send(conversation, 'restart checkout', [])).rejects.toThrow();
    await sending.send(conversation, 'restart catalog', []);
    expect(messages.map(({ content }) => content)).toEqual(['restart checkout', 'restart catalog']);
  });

  it('notices by itself when the lost one shows up in the conversation, once', async () => {
    const { sending, messages, conversation } = aGateway(['answer', 'answer']);
    await expect(sending.send(conversation, 'restart checkout', [])).rejects.toThrow();
    expect(sending.arrivedIn(conversation, [])).toBeUndefined();
    // Sent again while the page has seen it: it still is the one that was looked for.
    await expect(sending.send(conversation, 'restart checkout', ['m0'])).rejects.toThrow();
    const arrived = () => sending.arrivedIn(conversation, messages);
    expect([arrived(), arrived()]).toEqual(['restart checkout', undefined]);
  });

  it('does not take the same words of an earlier message for the lost one', async () => {
    const { sending, messages, conversation } = aGateway(['none', 'request']);
    await sending.send(conversation, 'and now?', []);
    await expect(sending.send(conversation, 'and now?', ['m0'])).rejects.toThrow();
    expect(sending.arrivedIn(conversation, messages)).toBeUndefined();
  });

  it('begins anew after a refusal: that is an answer', async () => {
    const { sending, messages, conversation } = aGateway(['refused']);
    await expect(sending.send(conversation, 'restart checkout', [])).rejects.toThrow('Only its owner');
    await sending.send(conversation, 'restart checkout', []);
    expect(messages).toHaveLength(1);
  });
});
