import { z } from 'zod';

export const Severity = z.enum(['critical', 'warning', 'info']);
/** `critical`: nothing of it works. `warning`: a part does not, or it is about to. `info`: worth knowing, nothing is down. */
export type Severity = z.infer<typeof Severity>;

/** Kind, namespace and name: how an object is named where it is not addressed. */
export const FoundObject = z.object({
  kind: z.string().max(63),
  namespace: z.string().max(63).optional(),
  name: z.string().max(253),
});
export type FoundObject = z.infer<typeof FoundObject>;

/**
 * One trouble that a diagnosis found, with everything that has the same cause. `kind` is a PascalCase noun phrase such as
 * `ImagePull`; the list of them may grow, so readers take any. `why` is ours, `said` is what the cluster says: secrets
 * masked, cut, and never to be trusted.
 */
export const Finding = z.object({
  severity: Severity,
  kind: z.string().max(63),
  object: FoundObject,
  why: z.string().max(600),
  said: z.array(z.string().max(300)).max(6),
  /** More objects with the same cause, or that suffer from it. */
  also: z.array(FoundObject).max(50).optional(),
  /** The call that looks closer or repairs it; `needs` names an argument that only a person knows. */
  next: z
    .object({ tool: z.string().max(63), args: z.record(z.string(), z.json()), needs: z.string().max(63).optional() })
    .optional(),
});
export type Finding = z.infer<typeof Finding>;

/** The most findings that one answer carries. */
export const maxFindings = 60;
