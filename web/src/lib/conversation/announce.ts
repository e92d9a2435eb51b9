import type { Call, Conversation, Run } from '@skyflo/contracts';
import { isOpen } from './rail.ts';
import { toolWords } from './tool-words.ts';

/**
 * What a screen reader is told when a conversation moves on: finished steps and new decisions, not tokens. Undefined where
 * nothing of that kind happened.
 */
export function announcement(before: Conversation, after: Conversation): string | undefined {
  return after.runs
    .map((run) =>
      runAnnouncement(
        before.runs.find((each) => each.id === run.id),
        run,
      ),
    )
    .find(Boolean);
}

function runAnnouncement(before: Run | undefined, after: Run): string | undefined {
  if (before === after || before === undefined) return undefined;
  for (const call of after.calls) {
    const words = callAnnouncement(
      before.calls.find((each) => each.id === call.id),
      call,
    );
    if (words) return words;
  }
  if (before.status !== after.status && after.endedAt)
    return after.status === 'completed' ? 'The answer is complete.' : `The run ${after.status}.`;
  return undefined;
}

function callAnnouncement(before: Call | undefined, after: Call): string | undefined {
  if (before === after || after.purpose === 'verification') return undefined;
  if (isOpen(after) && !(before && isOpen(before)))
    return `A decision waits: ${after.approval?.request.plan.effect ?? ''}`;
  if (before?.status === after.status) return undefined;
  const { title } = toolWords(after);
  if (after.status === 'finished') return `${title}: done.`;
  if (after.status === 'failed') return `${title}: failed.`;
  if (after.status === 'refused') return `${title}: refused. Nothing was changed.`;
  return undefined;
}
