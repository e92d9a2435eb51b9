import { type PersonRef, RunStopRequested } from '@skyflo/contracts';
import type { Tx } from '@skyflo/store';

type OpenRun = { readonly id: string; readonly conversation_id: string };

/**
 * Somebody may no longer act: their sessions and tokens end, and their runs that are not over are asked to stop as if by hand, so that
 * what waits for an approval is withdrawn and what waits for its turn never begins. Holds the person's row: a run or a session
 * that is just being begun holds it too, so it is either seen here or sees that they may no longer act.
 */
export async function endEverythingOf(
  tx: Tx,
  { person, by, at }: { readonly person: PersonRef; readonly by: PersonRef; readonly at: Date },
): Promise<void> {
  await tx.query('update sessions set revoked_at = $2 where person_id = $1 and revoked_at is null', [person.id, at]);
  await tx.query('update personal_tokens set revoked_at = $2 where person_id = $1 and revoked_at is null', [
    person.id,
    at,
  ]);
  const stopped = await tx.query<OpenRun>(
    `update runs r set stop_requested_at = $2 from conversation_access c
     where c.id = r.conversation_id and c.owner = $1 and r.completed_at is null and r.stop_requested_at is null
     returning r.id, r.conversation_id`,
    [person.id, at],
  );
  // Emissions about several runs come in one order everywhere, or two of them could wait for each other.
  for (const { id, conversation_id } of stopped.toSorted((a, b) => a.id.localeCompare(b.id)))
    await tx.emit(RunStopRequested, {
      conversationId: conversation_id,
      runId: id,
      data: { by: { id: by.id, email: by.email } },
    });
}
