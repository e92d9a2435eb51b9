import { Failure, type Plan } from '@skyflo/contracts';
import type { ReadClient } from '@skyflo/kube';
import { z } from 'zod';

const Binding = z.looseObject({
  spec: z.looseObject({ policyName: z.literal('skyflo-guard'), validationActions: z.array(z.string()) }),
});

/** 1 where the admission guard is bound so that it refuses; 0 where it is not, or where we cannot see it. */
export async function readGuardLevel(read: ReadClient): Promise<Plan['guardLevel']> {
  try {
    const type = await read.discovery.resolve('validatingadmissionpolicybindings.admissionregistration.k8s.io');
    const binding = Binding.safeParse(await read.get(type, { name: 'skyflo-guard' }));
    return binding.data?.spec.validationActions.includes('Deny') === true ? 1 : 0;
  } catch (error) {
    if (error instanceof Failure) return 0;
    throw error;
  }
}
