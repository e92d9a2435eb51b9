export type FailureWords = { readonly title: string; readonly next: string };

const later = 'Ask again in a moment. What was found out so far stays above.';

/** How a failed run is called, and what a person can do, by the code of its failure (the message tells what happened). */
const words: Readonly<Record<string, FailureWords>> = {
  ModelRefusedKey: { title: 'The model does not accept our key', next: 'Ask again once the key is right.' },
  ModelRateLimited: {
    title: 'The model is asked too often',
    next: 'Wait a minute, then ask again. What was found out so far stays above.',
  },
  ModelUnreachable: { title: 'The model cannot be reached', next: 'Ask again once it can.' },
  ModelTimedOut: { title: 'The model took too long', next: later },
  ModelUnavailable: { title: 'The model stopped answering', next: later },
  ModelAnswerIncomplete: { title: 'The model stopped in the middle', next: later },
  ModelAnswerEmpty: { title: 'The model answered nothing', next: 'Ask again, perhaps in other words.' },
  ModelRefusedRequest: {
    title: 'The model refuses this request',
    next: 'Ask in other words, or begin a new conversation: this one may have become too long for it.',
  },
  EventNotHandled: {
    title: 'A part of Skyflo could not go on with this',
    next: 'Ask again once an administrator has looked at Dead letters. Asking again before that will most likely end alike.',
  },
};

const elsewhere: FailureWords = {
  title: 'Skyflo could not go on',
  next: 'Ask again. If that fails too, tell an administrator: what could not be worked off is listed under Dead letters.',
};

export function failureWords(code = ''): FailureWords {
  return words[code] ?? (code.startsWith('Model') ? { title: 'The model stopped answering', next: later } : elsewhere);
}
