import { Failure } from '@skyflo/contracts';
import { z } from 'zod';

/** What becomes of the objects an object owns: deleted after it, deleted before it, or left behind. */
export type Propagation = 'Background' | 'Foreground' | 'Orphan';

const AnyDeleteOptions = z.looseObject({ kind: z.literal('DeleteOptions'), apiVersion: z.literal('v1') });

/** The same delete as a dry run. A body that cannot be read is not sent at all: it could be a real delete. */
export function dryRunBody(body: string): string {
  const parsed = AnyDeleteOptions.safeParse(parse(body));
  if (!parsed.success) throw Failure.terminal('BadRequest', 'A delete needs DeleteOptions as its body.');
  return JSON.stringify({ ...parsed.data, dryRun: ['All'] });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Refused by the schema, with the sentence for callers.
    return undefined;
  }
}
