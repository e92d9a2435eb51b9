import type { Call, Run } from '@skyflo/contracts';
import { failureWords } from './failure-words.ts';
import { deed } from './tool-words.ts';
import { isChange } from './rail.ts';
import { count } from '#lib/format/words.ts';
import { nameOf } from '#lib/format/people.ts';

/** What a card about something that did not go well says: what happened, what was not done, what comes next. */
export type Ending = {
  readonly tone: 'plain' | 'waiting' | 'danger' | 'uncertain';
  readonly mark: 'stopped' | 'failed' | 'refused' | 'expired' | 'moved' | 'limited' | 'uncertain';
  readonly title: string;
  readonly rows: readonly (readonly [label: string, text: string])[];
  /** What asking again is called; absent where it would not help. It goes into the composer, nothing is sent by it. */
  readonly again?: string;
  /** What is asked then, where it is not the same request again. */
  readonly ask?: string;
  /** The approved plan that no longer fits. */
  readonly voidDigest?: string;
};

/** How a run ended that did not complete. */
export function runEnding(run: Run): Ending {
  const notDone: readonly [string, string] = ['Not done', notDoneIn(run)];
  const happened = (text: string): readonly [string, string] => ['What happened', text];
  switch (run.status) {
    case 'withdrawn':
      return {
        tone: 'plain',
        mark: 'stopped',
        title: 'Withdrawn before it began',
        rows: [
          happened(run.reason ?? 'The message was taken back while it waited for the run before it.'),
          ['Not done', 'Nothing was looked at, nothing was changed.'],
        ],
        again: 'Ask again',
      };
    case 'stopped':
      return {
        tone: 'plain',
        mark: 'stopped',
        title: 'Stopped',
        rows: [
          happened(run.reason ?? stoppedWhere(run)),
          notDone,
          ['Next', 'Ask again when you are ready. What was found out so far stays above.'],
        ],
        again: 'Ask again',
      };
    case 'limited':
      return {
        tone: 'waiting',
        mark: 'limited',
        title: 'Limit reached',
        rows: [
          happened(run.reason ?? 'The run reached its limit.'),
          notDone,
          ['Next', 'Ask again, perhaps for less at once: a new run has its own limit.'],
        ],
        again: 'Ask in a new run',
      };
    case 'queued':
    case 'working':
    case 'waiting':
    case 'completed':
    case 'failed':
      return failedRun(run);
  }
}

function failedRun(run: Run): Ending {
  const { title, next } = failureWords(run.failure?.code);
  return {
    tone: 'danger',
    mark: 'failed',
    title,
    rows: [
      ['What happened', run.failure?.message ?? run.reason ?? 'The run ended with an error.'],
      ['Not done', notDoneIn(run)],
      ['Next', run.failure?.hint ? `${run.failure.hint} ${next}` : next],
    ],
    again: 'Ask again',
  };
}

/** How one change ended that is not done; undefined while it is open, done, or told in one line (refused by a person). */
export function changeEnding(call: Call): Ending | undefined {
  switch (call.status) {
    case 'failed':
      return failed(call);
    case 'refused':
      return refused(call);
    case 'cancelled':
      return ending(
        'plain',
        'stopped',
        'Cancelled before it touched the cluster',
        call.text ?? 'The run was stopped.',
        {
          next: 'Ask again when you are ready.',
        },
      );
    case 'uncertain':
      return uncertain(call);
    case 'requested':
    case 'planning':
    case 'waiting':
    case 'passed':
    case 'started':
    case 'finished':
      return undefined;
  }
}

/** Says first what is done already, then what is not. */
export function notDoneIn(run: Run): string {
  const changes = run.calls.filter(isChange);
  const done = changes.filter((call) => call.status === 'finished');
  const unknown = changes.filter((call) => call.status === 'uncertain');
  const sentences = [
    ...done.map(
      (call) => `${deed(call, 'done')} is done${isVerified(run, call) ? ' and verified' : ', but not verified'}.`,
    ),
    ...(unknown.length > 0 ? [`We do not know about ${count(unknown.length, 'change')}.`] : []),
    ...(done.length === 0 && unknown.length === 0 ? ['Nothing was changed.'] : []),
  ];
  return sentences.join(' ');
}

function stoppedWhere(run: Run): string {
  return run.steps.length > 0
    ? `Stopped by a person during step ${run.steps.length}.`
    : 'Stopped by a person before it began.';
}

function isVerified(run: Run, call: Call): boolean {
  const checks = run.verifications.flatMap((each) => each.checks).filter((check) => check.callId === call.id);
  return checks.length > 0 && checks.every((check) => check.holds === true);
}

function failed(call: Call): Ending {
  const message = call.failure?.message ?? 'It could not be done.';
  if (call.failure?.code === 'TargetMoved') {
    const who = call.approval?.by ? `${nameOf(call.approval.by.email)}’s approval` : 'The approval';
    const digest = call.approval?.request.digest;
    return {
      ...ending('waiting', 'moved', 'The world moved', `${message} ${who} was for the old plan and is void.`, {
        next: 'Ask again. The plan is made from what is there now: the diff is new then, and the digest too.',
        again: 'Ask again',
      }),
      ...(digest !== undefined && { voidDigest: digest }),
    };
  }
  return ending('danger', 'failed', `${deed(call, 'doing')} failed`, message, {
    next: call.failure?.hint ?? 'Ask what stands in the way, or for something else.',
    again: 'Ask again',
  });
}

function refused(call: Call): Ending | undefined {
  const message = call.refusal?.message ?? 'The gate refused this.';
  switch (call.refusal?.why ?? 'policy') {
    case 'person':
      return undefined;
    case 'expired':
      return ending('plain', 'expired', 'Nobody decided in time', message, {
        next: 'Ask again. The world may have moved, so the diff is new then and the digest too.',
        again: 'Ask again',
      });
    case 'withdrawn':
      return ending('plain', 'stopped', 'Withdrawn before anybody decided', message, {
        next: 'Ask again when you are ready.',
        again: 'Ask again',
      });
    default:
      return ending('danger', 'refused', 'Policy refused this change', message, {
        notDone: 'Nothing was changed. Nobody was asked.',
        next: 'Ask for something smaller, or ask an administrator what the policy is for.',
        again: 'Ask for something smaller',
      });
  }
}

function uncertain(call: Call): Ending {
  const { sent, seen, next } = call.uncertain ?? { sent: '', seen: '', next: '' };
  return {
    tone: 'uncertain',
    mark: 'uncertain',
    title: 'We do not know whether this happened',
    rows: [
      ['Sent', sent],
      ['Cluster shows', seen],
      ['Not done', 'Nothing more will be sent for this approval, whatever happened to it.'],
      ['What to check', next],
    ],
    again: 'Ask to look again',
    ask: `Look at the cluster and tell me whether this happened: ${deed(call, 'doing')}. Change nothing.`,
  };
}

function ending(
  tone: Ending['tone'],
  mark: Ending['mark'],
  title: string,
  happened: string,
  { notDone = 'Nothing was changed.', next, again }: { notDone?: string; next: string; again?: string },
): Ending {
  return {
    tone,
    mark,
    title,
    rows: [
      ['What happened', happened],
      ['Not done', notDone],
      ['Next', next],
    ],
    ...(again !== undefined && { again }),
  };
}
