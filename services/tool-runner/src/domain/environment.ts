import type { Json } from '@skyflo/contracts';
import { Failure } from '@skyflo/contracts';
import { looksSecret } from './mask.ts';

export type Variable = { readonly [field: string]: Json } & { readonly name: string };
export type Reference = {
  readonly name: string;
  readonly from: 'Secret' | 'ConfigMap';
  readonly object: string;
  readonly key: string;
};
export type EnvironmentWish = {
  readonly set: { readonly [name: string]: string };
  readonly refs: readonly Reference[];
  readonly unset: readonly string[];
};

export const variableName = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Refuses what says nothing, what contradicts itself, and secrets: whoever may read the workload reads its variables. */
export function assertEnvironment({ set, refs, unset }: EnvironmentWish): void {
  const names = [...Object.keys(set), ...refs.map(({ name }) => name), ...unset];
  if (names.length === 0)
    throw Failure.terminal('InvalidArguments', 'set: nothing is to be changed; name at least one variable.');
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined)
    throw Failure.terminal('InvalidArguments', `set: ${twice.slice(0, 60)} is named twice in set, refs and unset.`);
  const secret = Object.entries(set).find(([name, value]) => looksSecret(name, value));
  if (secret)
    throw Failure.terminal('SecretInPlain', `set: the value of ${secret[0].slice(0, 60)} looks like a secret.`, {
      hint: 'Keep it in a Secret and refer to its key with refs.',
    });
}

/**
 * The variables of a container as wished: each where it was, new ones at the end. Of a name that is there several times
 * the last counts for Kubernetes; afterwards there is one.
 */
export function withVariables(before: readonly Variable[], wish: EnvironmentWish): Variable[] {
  const wanted = new Map<string, Variable>();
  // Of an empty value the server writes nothing.
  for (const [name, value] of Object.entries(wish.set)) wanted.set(name, value === '' ? { name } : { name, value });
  for (const reference of wish.refs) wanted.set(reference.name, toVariable(reference));
  const touched = new Set([...wanted.keys(), ...wish.unset]);
  const last = new Map(before.map(({ name }, n) => [name, n]));
  const kept = before
    .filter(({ name }, n) => !touched.has(name) || (wanted.has(name) && last.get(name) === n))
    .map((one) => wanted.get(one.name) ?? one);
  const isNew = ({ name }: Variable) => !last.has(name);
  return [...kept, ...[...wanted.values()].filter(isNew)];
}

function toVariable({ name, from, object, key }: Reference): Variable {
  const source = from === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef';
  return { name, valueFrom: { [source]: { name: object, key } } };
}

/** What a wish does, for one sentence: values are shortened, they are whole in the list of changes. */
export function environmentWords({ set, refs, unset }: EnvironmentWish): string {
  const parts = [
    ...Object.entries(set).map(([name, value]) => `${name}=${value.length > 40 ? `${value.slice(0, 40)}…` : value}`),
    ...refs.map(({ name, from, object, key }) => `${name} from ${from} ${object}, key ${key}`),
    ...unset.map((name) => `${name} removed`),
  ];
  return parts.join(', ');
}
