import type { FailureRecord, LetterDied } from '@skyflo/contracts';

/** What a person is told of the run whose event nobody could handle; the error's own words are for administrators. */
export function letterFailure({ consumer, type }: LetterDied['data'], service: LetterDied['source']): FailureRecord {
  const what = consumer.startsWith('persistence-') ? 'record' : 'handle';
  return {
    code: 'EventNotHandled',
    message:
      `The ${service} could not ${what} ${type.replace(/\.v\d+$/, '')}, so this run cannot go on. ` +
      'An administrator finds it, and why, under dead letters.',
  };
}
