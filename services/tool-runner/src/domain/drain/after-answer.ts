import type { WriteAnswer } from '@skyflo/kube';
import type { EvictionState } from './evictions.ts';

/**
 * What an answer makes of an eviction; undefined where there was none, so that it may or may not have arrived. Whether the pod
 * is gone the cluster shows, not the answer: 404 and 409 say that something else has the name, which the next look finds.
 */
export function afterAnswer(
  answer: WriteAnswer,
): { readonly state: EvictionState; readonly told?: string } | undefined {
  switch (answer.kind) {
    case 'accepted':
    case 'deleted':
    case 'taken':
      return { state: 'accepted' };
    case 'unknown':
      return undefined;
    case 'unsent':
      return { state: 'due', told: answer.failure.message };
    case 'refused': {
      const told = answer.failure.message;
      return { state: passesByItself(answer) ? 'due' : 'refused', told };
    }
  }
}

/** A budget's no, a busy server, a namespace that is being deleted with its pods, and whatever is no longer there. */
function passesByItself({ status, failure }: Extract<WriteAnswer, { kind: 'refused' }>): boolean {
  return (
    status === 404 || status === 409 || status === 429 || (status === 403 && /being terminated/.test(failure.message))
  );
}
