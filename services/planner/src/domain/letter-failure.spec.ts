import { describe, expect, it } from '@jest/globals';
import type { LetterDied } from '@skyflo/contracts';
import { letterFailure } from './letter-failure.ts';

const letter = (consumer: string): LetterDied['data'] => ({
  consumer,
  stream: 'RUNS',
  streamSequence: 1,
  eventId: 'e',
  type: 'tool.requested.v1',
  failure: { code: 'UnexpectedError', message: 'password=secret' },
  failedAt: '2026-11-24T10:00:00.000Z',
  tries: 9,
});

describe('what a person is told of a dead letter', () => {
  it('names the service, the event and what to do, and keeps the error’s own words inside', () => {
    const { code, message } = letterFailure(letter('tool-runner-tool-requested-v1'), 'tool-runner');
    expect(code).toBe('EventNotHandled');
    expect(message).toMatch(/^The tool-runner could not handle tool\.requested,.*administrator.*dead letters/);
    expect(message).not.toContain('secret');
  });
  it('says of the record that it was not recorded', () => {
    expect(letterFailure(letter('persistence-runs'), 'persistence').message).toMatch(
      /^The persistence could not record tool\.requested/,
    );
  });
});
