import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { valueAt } from './json-pointer.ts';

export type ContainerImage = {
  readonly container: string;
  readonly image: string;
  /** Where its image is, as keys of the object. */
  readonly path: readonly string[];
};

const Containers = z.array(z.looseObject({ name: z.string(), image: z.string().default('') }));

/** The containers of a workload's pod template, init containers last. */
export function imagesOf(object: KubeObject): ContainerImage[] {
  const pod = [...(object.kind === 'CronJob' ? ['spec', 'jobTemplate'] : []), 'spec', 'template', 'spec'];
  return ['containers', 'initContainers'].flatMap((list) => {
    const containers = Containers.parse(valueAt(object, [...pod, list]) ?? []);
    return containers.map(({ name, image }, n) => ({
      container: name,
      image,
      path: [...pod, list, String(n), 'image'],
    }));
  });
}

/** The container whose image is meant: the one named, or the only one. Guessing among several could hit the wrong one. */
export function chooseImage(images: readonly ContainerImage[], wanted: string | undefined, target: string) {
  const [only, ...others] = images.filter(({ path }) => wanted !== undefined || path.includes('containers'));
  const found =
    wanted === undefined ? others.length === 0 && only : images.find(({ container }) => container === wanted);
  if (found) return found;
  const names = images.map(({ container }) => container).join(', ');
  const what = wanted === undefined ? 'has several containers; name one of' : `has no container "${wanted}"; it has`;
  throw Failure.terminal('InvalidArguments', `container: ${target} ${what} ${names}.`);
}

/** `registry.example/shop/web:1.2` is `registry.example/shop/web` and `1.2`; a digest counts as what fixes the version. */
export function splitImage(image: string): { readonly repository: string; readonly version: string | undefined } {
  const at = image.indexOf('@');
  const untagged = at < 0 ? image : image.slice(0, at);
  const colon = untagged.lastIndexOf(':');
  const hasTag = colon > untagged.lastIndexOf('/');
  const tag = hasTag ? untagged.slice(colon + 1) : undefined;
  return { repository: hasTag ? untagged.slice(0, colon) : untagged, version: at < 0 ? tag : image.slice(at + 1) };
}
