import type { ObjectChange, ObjectRef } from '@skyflo/contracts';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import { toDiffYaml } from '../yaml-text.ts';
import { maskRelease } from './mask-release.ts';
import type { Release } from './release.ts';

type Sides = { readonly before: Release | undefined; readonly after: Release | undefined };
/** An object as it is rendered, and as it may be shown. */
type Shown = { readonly object: KubeObject; readonly yaml: string };

/** Says that there is a difference where the difference itself must not be seen. */
const hiddenChange = '# A secret value of it changes.\n';

/**
 * What a release makes of its objects, one entry for each that differs between two renderings; hooks are no part of it. Of
 * the cluster's own state it says nothing.
 */
export function releaseChanges({ before, after }: Sides, types: readonly ResourceType[]): ObjectChange[] {
  const old = shownOf(before);
  const made = shownOf(after);
  const namespace = (after ?? before)?.namespace ?? '';
  const changes: ObjectChange[] = [];
  for (const key of new Set([...old.keys(), ...made.keys()])) {
    const [was, is] = [old.get(key), made.get(key)];
    const object = (is ?? was)?.object;
    if (!object || (was && is && JSON.stringify(was.object) === JSON.stringify(is.object))) continue;
    const isHidden = was !== undefined && is !== undefined && was.yaml === is.yaml;
    const after = (is?.yaml ?? '') + (isHidden ? hiddenChange : '');
    changes.push({ object: refOf(object, namespace, types), changes: [], before: was?.yaml ?? '', after });
  }
  return changes;
}

function shownOf(release: Release | undefined): Map<string, Shown> {
  const shown = new Map<string, Shown>();
  if (!release) return shown;
  const masked = maskRelease(release).manifest;
  for (const [n, { object, hook }] of release.manifest.entries()) {
    const visible = masked[n]?.object;
    if (!object || !visible || hook !== undefined) continue;
    const { namespace = release.namespace, name } = object.metadata;
    // The group, not its version: another version is the same object.
    const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '';
    shown.set(`${group}/${object.kind}/${namespace}/${name}`, { object, yaml: toDiffYaml(visible) });
  }
  return shown;
}

/** As the cluster knows its kind; a kind it does not serve is named as the manifest names it. */
export function refOf(object: KubeObject, releaseNamespace: string, types: readonly ResourceType[]): ObjectRef {
  const [first = '', second] = object.apiVersion.split('/');
  const [group, version] = second === undefined ? ['', first] : [first, second];
  const type = types.find((one) => one.group === group && one.kind === object.kind);
  const { namespace = releaseNamespace, name } = object.metadata;
  return {
    group,
    version,
    resource: type?.resource ?? object.kind.toLowerCase(),
    kind: object.kind,
    ...(type?.namespaced === false ? {} : { namespace }),
    name,
  };
}
