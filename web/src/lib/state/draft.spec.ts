// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Draft } from './draft.svelte.ts';

function aStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** A gateway that answers when the test says so. */
function anAnswer(): { send: (content: string) => Promise<boolean>; sent: string[]; answer: (taken: boolean) => void } {
  const sent: string[] = [];
  let answer: (taken: boolean) => void = () => undefined;
  const send = (content: string): Promise<boolean> => {
    sent.push(content);
    return new Promise((resolve) => (answer = resolve));
  };
  return { send, sent, answer: (taken) => answer(taken) };
}

describe('a draft', () => {
  beforeEach(() => vi.stubGlobal('localStorage', aStorage()));
  afterEach(() => vi.unstubAllGlobals());

  it('is kept per conversation and survives a reload', () => {
    new Draft('a').text = 'scale checkout';
    expect([new Draft('a').text, new Draft('b').text]).toEqual(['scale checkout', '']);
  });

  it('is gone once it was taken, also after a reload', async () => {
    const { send, answer, sent } = anAnswer();
    const draft = new Draft('a');
    draft.text = ' scale checkout\n';
    const left = draft.leave(send);
    answer(true);
    await left;
    expect([sent, draft.text, new Draft('a').text]).toEqual([['scale checkout'], '', '']);
  });

  it('comes back when it was not taken, before what was written meanwhile', async () => {
    const { send, answer } = anAnswer();
    const draft = new Draft('a');
    draft.text = 'scale checkout';
    const left = draft.leave(send);
    draft.text = 'and payments';
    answer(false);
    await left;
    expect(draft.text).toBe('scale checkout\n\nand payments');
  });

  it('keeps what was written meanwhile when it was taken', async () => {
    const { send, answer } = anAnswer();
    const draft = new Draft('a');
    draft.text = 'scale checkout';
    const left = draft.leave(send);
    draft.text = 'and payments';
    answer(true);
    await left;
    expect([draft.text, new Draft('a').text]).toEqual(['and payments', 'and payments']);
  });

  it('is not lost by a reload while it is on its way', () => {
    const draft = new Draft('a');
    draft.text = 'scale checkout';
    void draft.leave(anAnswer().send);
    draft.text = 'and payments';
    expect(new Draft('a').text).toBe('scale checkout\n\nand payments');
  });

  it('is sent once, however often the button is pressed', async () => {
    const { send, sent, answer } = anAnswer();
    const draft = new Draft('a');
    draft.text = 'scale checkout';
    const left = Promise.all([draft.leave(send), draft.leave(send)]);
    answer(true);
    await left;
    expect(sent).toHaveLength(1);
  });

  it('loses only what has arrived after all', () => {
    const draft = new Draft('a');
    draft.text = 'scale checkout\n\nand payments';
    draft.drop('scale checkout');
    draft.drop('something else');
    expect(draft.text).toBe('and payments');
  });

  it('takes a proposal below what was already written', () => {
    const draft = new Draft('a');
    draft.text = 'wait';
    draft.offer('Scale checkout to 6');
    expect(draft.text).toBe('wait\n\nScale checkout to 6');
  });
});
