import { z } from 'zod';

/** A field that server-side apply would take from whoever manages it with another value. */
export type FieldConflict = {
  readonly manager: string;
  /** As the API server writes paths: `.spec.replicas`, `.spec.template.spec.containers[name="web"].image`. */
  readonly field: string;
};

const Conflicts = z.object({
  details: z.object({
    causes: z.array(z.object({ reason: z.string().optional(), message: z.string().optional(), field: z.string() })),
  }),
});
/** As in `internal.NewConflictError` of apimachinery: `conflict with "kubectl-edit" with subresource "scale" using apps/v1`. */
const managerIn = /^conflict with "((?:[^"\\]|\\.)*)"/;

/** The conflicts in a 409 of server-side apply; none where the answer is about something else. */
export function fieldConflicts(document: unknown): readonly FieldConflict[] {
  const parsed = Conflicts.safeParse(document);
  if (!parsed.success) return [];
  return parsed.data.details.causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field, message }) => ({ field, manager: managerIn.exec(message ?? '')?.[1] ?? 'somebody' }));
}
