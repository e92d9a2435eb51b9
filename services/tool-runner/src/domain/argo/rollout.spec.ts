import { describe, expect, it } from '@jest/globals';
import { aRollout } from '../../../test/a-rollout.ts';
import { isFullyPromoted, isRestarting, phaseOf } from './rollout.ts';
import { currentStep, isPastStep, stepsOf, wantedWeight } from './steps.ts';

describe('the phase of a rollout', () => {
  it.each<[string, string, ReturnType<typeof aRollout>]>([
    ['Paused', 'the controller says so', aRollout()],
    ['Progressing', 'the newest spec was not seen yet', aRollout({ observedGeneration: '2', phase: 'Healthy' })],
    ['Progressing', 'its pause was lifted a moment ago', aRollout({ pauseConditions: null })],
    ['Progressing', 'it was promoted to the end a moment ago', aRollout({ promoteFull: true })],
    ['Progressing', 'it was aborted a moment ago', aRollout({ abort: true })],
    ['Degraded', 'it is aborted', aRollout({ abort: true, phase: 'Degraded' })],
    [
      'Progressing',
      'it was told to try again a moment ago',
      aRollout({
        controllerPause: false,
        phase: 'Degraded',
        message: 'RolloutAborted: Rollout aborted update to revision 2',
      }),
    ],
    ['Progressing', 'no controller has looked at it', aRollout({ phase: undefined, controllerPause: false })],
    [
      'Healthy',
      'the generation is a hash, as old controllers have it',
      aRollout({ phase: 'Healthy', observedGeneration: '7d9f' }),
    ],
  ])('is %s when %s', (phase, _why, rollout) => {
    expect(phaseOf(rollout).phase).toBe(phase);
  });

  it('is restarting until every pod is younger than what was asked for', () => {
    const restartAt = '2026-11-24T10:00:00Z';
    expect(isRestarting(aRollout({}, { restartAt }))).toBe(true);
    expect(isRestarting(aRollout({ restartedAt: restartAt }, { restartAt }))).toBe(false);
    expect(isRestarting(aRollout())).toBe(false);
  });

  it('is fully promoted when the newest template is the stable one', () => {
    expect(isFullyPromoted(aRollout())).toBe(false);
    expect(isFullyPromoted(aRollout({ stableRS: 'new' }))).toBe(true);
    expect(isFullyPromoted(aRollout({ stableRS: undefined, currentPodHash: undefined }))).toBe(false);
  });
});

describe('the steps of a canary', () => {
  it('are told in words, with how far it has come', () => {
    expect(stepsOf(aRollout())).toEqual([
      { text: 'set weight 25%', weight: 25, state: 'done' },
      { text: 'pause until promoted', state: 'now' },
      { text: 'set weight 50%', weight: 50, state: 'next' },
      { text: 'pause 30s', state: 'next' },
      { text: 'analysis errors', state: 'next' },
    ]);
    expect(currentStep(aRollout())).toMatchObject({ number: 2, of: 5 });
    expect(currentStep(aRollout({ currentStepIndex: 5 }))).toBeUndefined();
  });

  it.each([
    [25, 'the last step that set one', {}],
    [50, 'the step it is at', { currentStepIndex: 2 }],
    [100, 'all steps are done', { currentStepIndex: 5 }],
    [0, 'it was aborted', { abort: true }],
  ])('want weight %i: %s', (weight, _why, status) => {
    expect(wantedWeight(aRollout(status))).toBe(weight);
  });

  it('are behind it once it is further, or through, and never while it is aborted', () => {
    expect(isPastStep(aRollout(), 1)).toBe(false);
    expect(isPastStep(aRollout({ currentStepIndex: 2 }), 1)).toBe(true);
    expect(isPastStep(aRollout({ currentStepIndex: 0, stableRS: 'new' }), 1)).toBe(true);
    expect(isPastStep(aRollout({ currentStepIndex: 3, abort: true }), 1)).toBe(false);
  });
});
