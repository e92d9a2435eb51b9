import type { FieldChange, Json, ObjectRef, Plan, PlanRequest } from '@skyflo/contracts';

/** `replicas 4 → 6`, as it is told in one line. */
export type FieldWords = { readonly field: string; readonly from: string | undefined; readonly to: string | undefined };

/** What a request does to its object, in one word and one meaning. */
export type DeedWords = { readonly word: string; readonly icon: 'pencil' | 'plus' | 'trash' };

const longestValue = 40;

/** The fields a plan changes, shortest form; values that are whole objects are left to the diff. */
export function fieldWords(plan: Plan): readonly FieldWords[] {
  return plan.changes.flatMap((change) => change.changes.filter(isTold).map(toWords));
}

export function deedOf(request: PlanRequest): DeedWords {
  if (request.subresource === 'eviction') return { word: 'Evict', icon: 'trash' };
  if (request.subresource === 'exec') return { word: 'Run in', icon: 'pencil' };
  switch (request.verb) {
    case 'create':
      return { word: 'Create', icon: 'plus' };
    case 'delete':
      return { word: 'Delete', icon: 'trash' };
    case 'apply':
      return request.absent ? { word: 'Create', icon: 'plus' } : { word: 'Update', icon: 'pencil' };
    case 'patch':
      return { word: 'Update', icon: 'pencil' };
  }
}

/** The request that a changed object belongs to. */
export function requestFor(plan: Plan, object: ObjectRef): PlanRequest | undefined {
  return plan.requests.find((request) => isSameObject(request.object, object)) ?? plan.requests[0];
}

export function targetWords(object: ObjectRef): string {
  return `${object.kind} ${object.name}`;
}

/** `3 replaced, 1 added`; undefined where no pod comes or goes. */
export function podWords({ podsReplaced, podsAdded, podsRemoved }: Plan['blastRadius']): string | undefined {
  const parts = [
    podsReplaced > 0 && `${podsReplaced} replaced`,
    podsAdded > 0 && `${podsAdded} added`,
    podsRemoved > 0 && `${podsRemoved} removed`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

export const guardWords: Record<Plan['guardLevel'], string> = {
  0: 'Skyflo asks before each change, but the API server does not enforce it.',
  1: 'The API server refuses our writes without a grant.',
  2: 'The API server refuses a write by us to any other object.',
};

function isSameObject(a: ObjectRef, b: ObjectRef): boolean {
  return a.group === b.group && a.resource === b.resource && a.name === b.name && a.namespace === b.namespace;
}

/** The grant annotation is evidence of the change, no part of what somebody wanted. */
function isTold({ path, from, to }: FieldChange): boolean {
  return !isGrantMark(path) && [from, to].every((value) => value === null || typeof value !== 'object');
}

function toWords({ path, from, to }: FieldChange): FieldWords {
  return { field: fieldName(path), from: valueWords(from), to: valueWords(to) };
}

/** Whether the plan also writes the grant annotation, which the diff leaves out. */
export function marksItsGrant(plan: Plan): boolean {
  return plan.changes.some((change) => change.changes.some(({ path }) => isGrantMark(path)));
}

function isGrantMark(path: string): boolean {
  return path.endsWith('/annotations/skyflo.ai~1grant');
}

/** The last telling part of a JSON pointer: `replicas`; `restartedAt` of `kubectl.kubernetes.io/restartedAt`. */
function fieldName(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && !/^\d+$/.test(part));
  const last = (parts.at(-1) ?? path).replaceAll('~1', '/').replaceAll('~0', '~');
  return last.slice(last.lastIndexOf('/') + 1);
}

function valueWords(value: Json): string | undefined {
  if (value === null) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}
