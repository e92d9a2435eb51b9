import type { Plan } from '@skyflo/contracts';
import type { KubeObject, WriteRequest } from '@skyflo/kube';
import { stringify } from 'yaml';
import { z } from 'zod';

/** A program that is to run in a container of a pod: exactly these words, and no shell that reads them. */
export const Program = z.strictObject({
  container: z.string(),
  command: z.array(z.string()).min(1),
  timeoutMs: z.number().int().min(1),
});
export type Program = z.infer<typeof Program>;

/** The request as plan and ledger keep it. Its body is what is approved; the words travel in the URL. */
export function execRequest({ metadata }: KubeObject, program: Program): WriteRequest {
  const { namespace, name } = metadata;
  return {
    verb: 'create',
    target: { group: '', version: 'v1', resource: 'pods', namespace, name },
    subresource: 'exec',
    body: JSON.stringify(program),
    options: { container: program.container },
  };
}

export function programOf({ body }: WriteRequest): Program {
  return Program.parse(JSON.parse(body));
}

/** What a person sees of it: every word on a line of its own, so that none hides in another. */
export function programChange({ container, command }: Program): Omit<Plan['changes'][0], 'object'> {
  return { changes: [], before: '', after: stringify({ runs: { container, command } }, { lineWidth: 0 }) };
}
