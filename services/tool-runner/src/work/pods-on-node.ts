import { Failure } from '@skyflo/contracts';
import type { ReadClient } from '@skyflo/kube';

/** By namespace and name: which pod that is, and whether it is ending. */
export type OnNode = ReadonlyMap<string, { readonly uid: string; readonly isEnding: boolean }>;

const pageSize = 500;

/** Undefined where the cluster cannot be asked now. */
export async function podsOnNode(node: string, read: ReadClient): Promise<OnNode | undefined> {
  try {
    const type = await read.discovery.resolve('pods');
    const found = new Map<string, { uid: string; isEnding: boolean }>();
    let more: string | undefined;
    do {
      const page = await read.list(type, { limit: pageSize, fieldSelector: `spec.nodeName=${node}`, continue: more });
      for (const { metadata } of page.items)
        found.set(`${metadata.namespace ?? ''}/${metadata.name}`, {
          uid: metadata.uid ?? '',
          isEnding: metadata.deletionTimestamp !== undefined,
        });
      more = page.continue;
    } while (more !== undefined);
    return found;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
