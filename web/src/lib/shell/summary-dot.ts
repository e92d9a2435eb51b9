import type { RunStatus } from '@skyflo/contracts';
import type { DotState } from '#lib/parts/dot-state.ts';

/** How a conversation in a list is marked: only what works or waits has a shape, one that needs nobody is a grey point. */
export function summaryDot(
  status: RunStatus | undefined,
  waiting: boolean,
): { readonly state: DotState; readonly label: string } {
  if (waiting || status === 'waiting') return { state: 'waiting', label: 'Waiting for a person' };
  if (status === 'working' || status === 'queued') return { state: 'working', label: 'Working' };
  if (status === 'failed') return { state: 'broken', label: 'Failed' };
  return { state: 'done', label: 'Done' };
}
