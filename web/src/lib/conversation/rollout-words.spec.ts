import { describe, expect, it } from 'vitest';
import { isGate, phaseLook, stepLabel, strategyWords, weightWords } from './rollout-words.ts';

const step = (text: string, weight?: number) =>
  ({ text, state: 'next', ...(weight === undefined ? {} : { weight }) }) as const;

describe('a rollout in words', () => {
  it.each([
    [step('set weight 25%', 25), '25%'],
    [step('pause until promoted'), 'Pause'],
    [step('pause 30s'), '30s'],
    [step('analysis errors'), 'Analysis'],
    [step('scale the canary to 3 pods'), 'Scale'],
  ])('shortens a step for the rail', (one, label) => {
    expect(stepLabel(one)).toBe(label);
  });

  it('knows which steps wait for a person', () => {
    expect(isGate(step('pause until promoted'))).toBe(true);
    expect(isGate(step('pause 30s'))).toBe(false);
  });

  it('says how far it is', () => {
    const steps = [{ ...step('a'), state: 'done' as const }, { ...step('b'), state: 'now' as const }, step('c')];
    expect(strategyWords({ strategy: 'canary', steps })).toBe('Canary, step 2 of 3');
    expect(strategyWords({ strategy: 'canary', steps: steps.slice(0, 1) })).toBe('Canary, all 1 steps done');
    expect(strategyWords({ strategy: 'blueGreen', steps: [] })).toBe('Blue-green');
  });

  it('tells the wanted weight only where it is another', () => {
    expect(weightWords({ weight: 25, actualWeight: 25 })).toBe('25% new version');
    expect(weightWords({ weight: 50, actualWeight: 25 })).toBe('25% new version, 50% wanted');
    expect(weightWords({})).toBeUndefined();
  });

  it('draws a phase it does not know like one that is off', () => {
    expect(phaseLook('Paused')).toBe('waiting');
    expect(phaseLook('Unheard')).toBe('off');
  });
});
