import { z } from 'zod';

/** One of an object's `status.conditions`, as the Kubernetes API conventions have them. */
export const Condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});
