import { describe, expect, it } from '@jest/globals';
import { newId } from '@skyflo/contracts';
import { aCall, aStep, finished } from '../../test/builders.ts';
import { buildMessages } from './context.ts';
import type { PromptMessage } from './prompt.ts';
import type { PastRun } from './run-view.ts';
import { tokensOf } from './tokens.ts';

const past = (content: string, over: Partial<PastRun> = {}): PastRun => ({
  id: newId(),
  content,
  endStatus: 'completed',
  steps: [aStep(0, { text: `answer to ${content}` })],
  calls: [],
  ...over,
});
const withOutput = (content: string, text: string): PastRun =>
  past(content, { steps: [aStep(0), aStep(1, { text: 'sum' })], calls: [aCall(0, 0, finished({ text }))] });
const current = (content: string, text: string): PastRun =>
  past(content, { endStatus: null, steps: [aStep(0)], calls: [aCall(0, 0, finished({ text }))] });
const total = (messages: readonly PromptMessage[]): number => messages.reduce((sum, one) => sum + tokensOf(one), 0);
const texts = (messages: readonly PromptMessage[]): string => messages.map((message) => message.text).join('\n');

describe('what the model is told', () => {
  it('is the whole conversation while it fits, each call with its result', () => {
    const messages = buildMessages([past('one'), current('two', 'pods')], 100_000);
    expect(messages.map((message) => message.role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
      'assistant',
      'tool',
    ]);
    const [call] = messages.flatMap((message) => (message.role === 'assistant' ? message.calls : []));
    expect(messages.at(-1)).toMatchObject({ callRef: call?.ref });
    expect(call?.ref).toMatch(/^[a-zA-Z0-9_-]{1,40}$/);
  });

  it('shortens old outputs before it leaves anything out', () => {
    const messages = buildMessages([withOutput('one', 'x'.repeat(40_000)), current('two', 'y'.repeat(4_000))], 4_000);
    expect(texts(messages)).toContain('characters of output were left out');
    expect(texts(messages)).toContain('y'.repeat(4_000));
    expect(texts(messages)).toContain('one');
  });

  it('then leaves the oldest runs out, and says so', () => {
    const runs = Array.from({ length: 30 }, (_, n) => past(`question ${n} ${'z'.repeat(1_000)}`));
    const messages = buildMessages([...runs, past('the newest', { endStatus: null, steps: [] })], 4_000);
    expect(total(messages)).toBeLessThanOrEqual(4_000);
    expect(texts(messages)).toContain('Earlier messages of this conversation were left out');
    expect(texts(messages)).not.toContain('question 0 ');
    expect(messages.at(-1)?.text).toBe('the newest');
  });

  it('cuts the newest output in the middle at last, and keeps call and result together', () => {
    const messages = buildMessages([current('two', `head ${'y'.repeat(80_000)} tail`)], 4_000);
    expect(total(messages)).toBeLessThan(4_200);
    expect(messages.at(-1)?.text).toContain('head');
    expect(messages.at(-1)?.text).toContain('tail');
  });

  it('attaches what was checked to the write it is about', () => {
    const write = aCall(0, 0, finished({ text: 'scaled' }));
    const verifies = { callId: write.id, expected: '3 ready', facts: { ready: 3 } };
    const check = aCall(1, 0, finished({ facts: { ready: 2 } }), { verifies });
    const steps = [aStep(0), aStep(1, { kind: 'verification', verified: true })];
    const messages = buildMessages([past('scale', { endStatus: null, steps, calls: [write, check] })], 100_000);
    expect(messages.at(-1)?.text).toContain('- does not hold: expected 3 ready; observed ready = 2');
    expect(messages).toHaveLength(4);
  });
});
