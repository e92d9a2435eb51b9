import { Failure } from '@skyflo/contracts';
import type { Reference } from '../../domain/environment.ts';
import { nameOf } from '../../domain/draft.ts';
import { valueAt } from '../../domain/json-pointer.ts';
import type { Look } from '../tool.ts';

/**
 * Refuses references to what is not there: pods that name it would not start. Returns words for those that the account may
 * not look at. Of a Secret nothing but the names of its keys is looked at.
 */
export async function assertThere(
  references: readonly Reference[],
  namespace: string,
  look: Look,
): Promise<readonly string[]> {
  const unseen = await Promise.all(references.map((reference) => unseenOf(reference, namespace, look)));
  return [...new Set(unseen.filter((words) => words !== undefined))];
}

async function unseenOf(
  { from, object: name, key }: Reference,
  namespace: string,
  { cluster, signal }: Look,
): Promise<string | undefined> {
  const target = nameOf(from, { namespace, name });
  const type = await cluster.discovery.resolve(from === 'Secret' ? 'secrets' : 'configmaps');
  try {
    const object = await cluster.get(type, { namespace, name }, { signal });
    const keys = ['data', 'binaryData'].flatMap((map) => Object.keys(valueAt(object, [map]) ?? {}));
    if (keys.includes(key)) return undefined;
    const has = keys.length === 0 ? 'it is empty' : `it has ${keys.join(', ')}`;
    throw Failure.terminal('ReferenceMissing', `refs: ${target} has no key ${key}; ${has}.`);
  } catch (error) {
    if (error instanceof Failure && error.code === 'Forbidden')
      return `whether ${target} has the key ${key}: it could not be looked at`;
    if (error instanceof Failure && error.code === 'NotFound')
      throw Failure.terminal('ReferenceMissing', `refs: there is no ${target}; pods that refer to it do not start.`);
    throw error;
  }
}
