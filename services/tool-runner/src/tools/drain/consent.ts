import { z } from 'zod';
import type { Consent } from '../../domain/drain/sort-pods.ts';

/** The same for the drain and its preview: what would otherwise be in the way. */
export const consentArgs = {
  evict_unmanaged: z.boolean().default(false).describe('Also pods that nobody makes anew.'),
  evict_local_data: z.boolean().default(false).describe('Also pods with an emptyDir; what is in it is lost.'),
};

export function consentOf(asked: { readonly evict_unmanaged: boolean; readonly evict_local_data: boolean }): Consent {
  return { unmanaged: asked.evict_unmanaged, scratch: asked.evict_local_data };
}
