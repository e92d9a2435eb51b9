import type { Bury } from '@skyflo/bus';
import { LetterDied } from '@skyflo/contracts';
import type { Store } from '@skyflo/store';

/** Dead letters leave as every event does: with a commit. While the store is away nothing can be declared dead. */
export function buryIn(store: Store): Bury {
  return async ({ id, data }) => {
    await store.transaction((tx) => tx.emit(LetterDied, { id, data, causationId: data.eventId }));
  };
}
