import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const ClusterStatus = z.object({
  state: z.enum(['preparing', 'ready', 'failed']),
  message: z.string(),
  minutesLeft: z.number().min(0).optional(),
});
export type ClusterStatus = z.infer<typeof ClusterStatus>;

const ready: ClusterStatus = { state: 'ready', message: '' };

/** What the supervisor writes about a cluster it is still making. No file: it is ready. */
export async function readClusterStatus(path: string | undefined): Promise<ClusterStatus> {
  if (path === undefined) return ready;
  try {
    return ClusterStatus.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (isMissing(error)) return ready;
    // Caught in the middle of being written: it is whole in a moment.
    return { state: 'preparing', message: 'The cluster is being prepared.' };
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
