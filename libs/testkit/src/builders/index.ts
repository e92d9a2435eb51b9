/** Values of the contracts for tests, apart from the rest so that a unit test loads no server's client. */
import { type ObjectRef, Plan } from '@skyflo/contracts';

export function aTarget(over: Partial<ObjectRef> = {}): ObjectRef {
  return {
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'checkout',
    uid: 'u1',
    ...over,
  };
}

/** A plan of one patch; what a test is about it says itself. */
export function aPlan(about: Pick<Plan, 'tool' | 'argsDigest' | 'grantId'>, over: Partial<Plan> = {}): Plan {
  return Plan.parse({
    v: 1,
    cluster: 'sandbox',
    ...about,
    effect: 'Changes checkout.',
    risk: { level: 'low', reasons: [] },
    requests: [{ verb: 'patch', object: aTarget(), absent: false, bytesDigest: 'a'.repeat(64), options: {} }],
    changes: [],
    warnings: [],
    notKnownYet: [],
    blastRadius: { summary: '', podsAdded: 1, podsRemoved: 0, podsReplaced: 0 },
    reversible: { possible: true, how: '' },
    guardLevel: 1,
    ...over,
  });
}
