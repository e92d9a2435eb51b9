import { describe, expect, it } from '@jest/globals';
import { aCall, aRun, aStep, finished } from '../../test/builders.ts';
import { whatNext } from './what-next.ts';

const limits = { maxSteps: 3, maxCalls: 5, maxRunSeconds: 60 };
const now = new Date('2026-01-01T10:00:10Z');
const next = (over: Parameters<typeof aRun>[0]) => whatNext(aRun(over), limits, now);
const check = { tool: 'k8s_get', args: {}, expected: 'x', facts: {} };
const stopRequestedBy = aRun().requestedBy;

describe('the next move of a run', () => {
  it('is to ask the model first', () => {
    expect(next({})).toEqual({ do: 'ask-model', step: 0, leftMs: 50_000 });
  });

  it('is to wait while another run of the conversation has its turn', () => {
    expect(next({ hasTurn: false })).toEqual({ do: 'wait-for-turn', step: 0 });
  });

  it('is to wait while any call of the step is open', () => {
    const calls = [aCall(0, 0, finished()), aCall(0, 1, null)];
    expect(next({ steps: [aStep(0)], calls })).toEqual({ do: 'wait-for-calls', step: 0 });
  });

  it('is to ask the model again when all calls are closed', () => {
    expect(next({ steps: [aStep(0)], calls: [aCall(0, 0, finished())] })).toEqual({
      do: 'ask-model',
      step: 1,
      leftMs: 50_000,
    });
  });

  it('is to end when the model wanted no tool', () => {
    expect(next({ steps: [aStep(0, { text: 'done' })] })).toMatchObject({ do: 'end', end: { status: 'completed' } });
  });

  it('is to look, by code, whether a finished write took', () => {
    const calls = [aCall(0, 0, finished({ checks: [check] }))];
    expect(next({ steps: [aStep(0)], calls })).toEqual({ do: 'verify', step: 1 });
  });

  it('is to compare once the checks are answered, and only then to ask the model', () => {
    const calls = [aCall(0, 0, finished({ checks: [check] })), aCall(1, 0, finished())];
    const looked = aStep(1, { kind: 'verification' });
    expect(next({ steps: [aStep(0), looked], calls })).toEqual({ do: 'compare', step: 1 });
    expect(next({ steps: [aStep(0), { ...looked, verified: true }], calls })).toEqual({
      do: 'ask-model',
      step: 2,
      leftMs: 50_000,
    });
  });

  it('is to end a stopped run, but not before its open calls are closed', () => {
    const open = { steps: [aStep(0)], calls: [aCall(0, 0, null)], stopRequestedBy };
    expect(next(open).do).toBe('wait-for-calls');
    expect(next({ ...open, calls: [aCall(0, 0, finished())] })).toMatchObject({
      do: 'end',
      end: { status: 'stopped' },
    });
    expect(next({ stopRequestedBy, hasTurn: false })).toMatchObject({ do: 'end', end: { status: 'stopped' } });
  });

  it('is to end with the failure where the model failed', () => {
    const failure = { code: 'ModelUnreachable', message: 'The model did not answer.' };
    expect(next({ failure })).toMatchObject({ do: 'end', end: { status: 'failed', failure, reason: failure.message } });
  });

  it('is to end at a limit with a sentence', () => {
    const steps = [0, 1, 2].map((step) => aStep(step));
    const calls = [0, 1, 2].map((step) => aCall(step, 0, finished()));
    expect(next({ steps, calls })).toMatchObject({ do: 'end', end: { status: 'limited' } });
  });

  it('is nothing once the run has ended', () => {
    expect(next({ ended: true }).do).toBe('nothing');
  });

  it('is to end as limited when its time was up in the middle of an answer', () => {
    const cut = { steps: [aStep(0, { text: 'half an' })], timeUp: true };
    expect(next(cut)).toMatchObject({
      do: 'end',
      end: { status: 'limited', reason: expect.stringContaining('seconds') },
    });
    expect(next({ ...cut, stopRequestedBy })).toMatchObject({ do: 'end', end: { status: 'stopped' } });
  });
});
