import type { ClusterProgress } from './start-cluster.ts';

/** The sentence that console, terminal and tools show while there is no cluster yet. */
export function describeProgress({ step, minutesLeft }: ClusterProgress): string {
  if (step === 'starting') return 'the sandbox is starting';
  return `the sandbox is being prepared, about ${minutesLeft} ${minutesLeft === 1 ? 'minute' : 'minutes'} left`;
}
