import type { CheckRequest, FieldChange, Json, JsonObject } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { isFieldPath } from '../../domain/field-path.ts';
import { fromPointer, toPointer, toWords, valueAt } from '../../domain/json-pointer.ts';
import { maskObject } from '../../domain/mask.ts';

export type Target = {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
};

/** After a write to a workload: its rollout, waited for as long as a person would. */
export function checkRollout(target: Target, expected: string): CheckRequest {
  return { tool: 'k8s_rollout_status', args: { ...argsOf(target), timeout_s: 60 }, expected, facts: { done: true } };
}

/** After a write: the field still has the approved value, and nobody changed it back. */
export function checkField(target: Target, field: string, value: Json, expected: string): CheckRequest {
  const facts = { [field]: value };
  return {
    tool: 'k8s_get',
    args: { ...argsOf(target), fields: [field] },
    expected,
    facts: facts as CheckRequest['facts'],
  };
}

/** The same for a place as keys, with what a reader sees there: reads are masked. Null stands for nothing. */
export function checkPlace(
  target: Target,
  desired: KubeObject,
  keys: readonly string[],
  expected: string,
): CheckRequest {
  return checkField(target, `.${toWords(toPointer(keys))}`, valueAt(maskObject(desired), keys) ?? null, expected);
}

const most = { fields: 12, fieldLength: 200, valueLength: 2_000 };

/** The same for all that was changed, in one read; places that no read can name are left out, and very long values. */
export function checkChanges(
  target: Target,
  desired: KubeObject,
  changes: readonly FieldChange[],
  expected: string,
): CheckRequest[] {
  const masked = maskObject(desired);
  const facts = changes
    .map(({ path }) => [`.${toWords(path)}`, valueAt(masked, fromPointer(path)) ?? null] as const)
    .filter(([field, value]) => isFieldPath(field) && field.length <= most.fieldLength && isShort(value))
    .slice(0, most.fields);
  if (facts.length === 0) return [];
  const args = { ...argsOf(target), fields: facts.map(([field]) => field) };
  return [{ tool: 'k8s_get', args, expected, facts: Object.fromEntries(facts) as CheckRequest['facts'] }];
}

function isShort(value: Json): boolean {
  return JSON.stringify(value).length <= most.valueLength;
}

/** After a creation: it is there. */
export function checkThere(target: Target, expected: string): CheckRequest {
  return { tool: 'k8s_get', args: argsOf(target), expected, facts: {} };
}

/** After a delete: this very object is gone; another that took its name does not count. */
export function checkGone(target: Target, uid: string | undefined, expected: string): CheckRequest {
  const which = uid === undefined ? {} : { uid };
  return {
    tool: 'k8s_wait',
    args: { ...argsOf(target), until: 'gone', ...which, timeout_s: 60 },
    expected,
    facts: { done: true },
  };
}

function argsOf({ kind, name, namespace, cluster }: Target): { [key: string]: string } & JsonObject {
  return {
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(cluster === undefined ? {} : { cluster }),
  };
}
