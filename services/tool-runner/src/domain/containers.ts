import { Failure, type Json } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { valueAt } from './json-pointer.ts';

export type PlacedContainer = {
  readonly container: string;
  readonly spec: { readonly [field: string]: Json };
  /** Where it is, as keys of the object. */
  readonly path: readonly string[];
};

const Containers = z.array(z.looseObject({ name: z.string() }));

/** The containers of a workload's pod template, init containers last. */
export function containersOf(object: KubeObject): PlacedContainer[] {
  const pod = [...templateKeys(object.kind), 'spec'];
  return ['containers', 'initContainers'].flatMap((list) => {
    const containers = Containers.parse(valueAt(object, [...pod, list]) ?? []);
    return containers.map((spec, n) => ({
      container: spec.name,
      spec: spec as PlacedContainer['spec'],
      path: [...pod, list, String(n)],
    }));
  });
}

/** Where a workload keeps the template of its pods. */
export function templateKeys(kind: string): string[] {
  return [...(kind === 'CronJob' ? ['spec', 'jobTemplate'] : []), 'spec', 'template'];
}

type Named = { readonly container: string; readonly path: readonly string[] };

/** The container that is meant: the one named, or the only one. Guessing among several could hit the wrong one. */
export function chooseContainerOf<T extends Named>(all: readonly T[], wanted: string | undefined, target: string): T {
  const [only, ...others] = all.filter(({ path }) => wanted !== undefined || path.includes('containers'));
  const found = wanted === undefined ? others.length === 0 && only : all.find(({ container }) => container === wanted);
  if (found) return found;
  const names = all.map(({ container }) => container).join(', ');
  const what = wanted === undefined ? 'has several containers; name one of' : `has no container "${wanted}"; it has`;
  throw Failure.terminal('InvalidArguments', `container: ${target} ${what} ${names}.`);
}
