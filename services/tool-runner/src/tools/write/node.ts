import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { valueAt } from '../../domain/json-pointer.ts';
import * as arg from '../args.ts';
import type { Look } from '../tool.ts';

export const nodeArgs = z.strictObject({ name: arg.name.describe('Name of the node.'), cluster: arg.cluster });
export const unschedulable = ['spec', 'unschedulable'];

const most = 500;

/** Pods on a node that have not ended; undefined where the account may not see them. */
export async function podsOn(node: string, look: Look): Promise<readonly KubeObject[] | undefined> {
  const fieldSelector = `spec.nodeName=${node},status.phase!=Succeeded,status.phase!=Failed`;
  return await all('pods', look, fieldSelector);
}

/** How many other nodes take new pods; undefined where the account may not see them. */
export async function otherOpenNodes(node: string, look: Look): Promise<number | undefined> {
  const nodes = await all('nodes', look);
  return nodes?.filter(({ metadata, ...rest }) => metadata.name !== node && valueAt(rest, unschedulable) !== true)
    .length;
}

async function all(kind: string, { cluster, signal }: Look, fieldSelector?: string) {
  try {
    const type = await cluster.discovery.resolve(kind);
    const found: KubeObject[] = [];
    let more: string | undefined;
    do {
      const page = await cluster.list(type, { limit: most, fieldSelector, continue: more, signal });
      found.push(...page.items);
      more = page.continue;
    } while (more !== undefined);
    return found;
  } catch (error) {
    if (error instanceof Failure && error.code === 'Forbidden') return undefined;
    throw error;
  }
}
