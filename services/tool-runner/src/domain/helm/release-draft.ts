import type { CheckRequest, Notice, ObjectChange, ObjectRef, Plan } from '@skyflo/contracts';
import type { WriteRequest } from '@skyflo/kube';
import type { PlanHead } from '../plan.ts';
import { nextRevision, type Operation, releaseRequest, releaseType, verbOf } from './operation.ts';
import type { Release, StoredRevision } from './release.ts';

/** What a Helm tool proposes: an operation, what it makes of each object, and what a person should know. */
export type ReleaseDraft = {
  readonly operation: Operation;
  readonly newest: StoredRevision | undefined;
  readonly changes: readonly ObjectChange[];
  readonly effect: string;
  readonly risk: Plan['risk'];
  readonly blastRadius: Plan['blastRadius'];
  readonly reversible: Plan['reversible'];
  readonly warnings: readonly Notice[];
  readonly notKnownYet: readonly string[];
  readonly checks: readonly CheckRequest[];
};

export type ReleasePlanned = {
  readonly plan: Plan;
  readonly requests: readonly {
    readonly request: WriteRequest;
    readonly contextDigest: string;
    readonly checks: readonly CheckRequest[];
  }[];
};

/** The plan of a release: one request to Helm, and a change per object that it renders otherwise than what is stored. */
export function toReleasePlan(head: PlanHead, draft: ReleaseDraft, keyed: (text: string) => string): ReleasePlanned {
  const { operation, newest, changes, warnings, notKnownYet, checks, effect, risk, blastRadius, reversible } = draft;
  const request = releaseRequest(operation);
  const object = releaseRef(operation, newest);
  const absent = operation.kind === 'install';
  const options = { ...request.options, ...optionsOf(operation) };
  const bytesDigest = keyed(request.body);
  const plan: Plan = {
    v: 1,
    ...head,
    effect,
    risk: { level: risk.level, reasons: [...risk.reasons] },
    requests: [{ verb: verbOf(operation), object, absent, bytesDigest, options }],
    changes: [...changes],
    warnings: [...warnings],
    notKnownYet: [...notKnownYet],
    blastRadius,
    reversible,
  };
  return { plan, requests: [{ request, contextDigest: keyed(stateOf(newest)), checks }] };
}

function releaseRef({ namespace, name }: Operation, newest: StoredRevision | undefined): ObjectRef {
  return { ...releaseType, namespace, name, ...(newest?.uid === undefined ? {} : { uid: newest.uid }) };
}

/** What of the operation is worth reading on the card. */
function optionsOf(operation: Operation): Plan['requests'][0]['options'] {
  switch (operation.kind) {
    case 'install':
    case 'upgrade': {
      const { repository, chart, version, sha256 } = operation;
      return { chart: `${repository}/${chart}-${version}`, sha256, revision: String(nextRevision(operation)) };
    }
    case 'rollback':
      return { to: String(operation.to), revision: String(nextRevision(operation)) };
    case 'uninstall':
      return { keepHistory: String(operation.keepHistory) };
  }
}

/** What must not have changed when the time comes. */
export function stateOf(newest: StoredRevision | undefined): string {
  return newest === undefined ? 'none' : `${newest.uid ?? ''} ${newest.revision} ${newest.status}`;
}

/** What a rendering comes down to: its objects and hooks, and nothing of the time it was made at. */
export function renderedText({ manifest }: Pick<Release, 'manifest'>): string {
  return JSON.stringify(manifest.map(({ object, hook }) => [object, hook]));
}
