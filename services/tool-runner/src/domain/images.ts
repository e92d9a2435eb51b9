import type { KubeObject } from '@skyflo/kube';
import { containersOf } from './containers.ts';

export type ContainerImage = {
  readonly container: string;
  readonly image: string;
  /** Where its image is, as keys of the object. */
  readonly path: readonly string[];
};

/** As the container runtimes read it: registry and path, then a tag or a digest. */
export const reference =
  /^[a-zA-Z0-9][a-zA-Z0-9._-]*(:\d+)?(\/[a-zA-Z0-9._-]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** The images of a workload's containers, those of init containers last. */
export function imagesOf(object: KubeObject): ContainerImage[] {
  return containersOf(object).map(({ container, spec, path }) => ({
    container,
    image: typeof spec['image'] === 'string' ? spec['image'] : '',
    path: [...path, 'image'],
  }));
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
