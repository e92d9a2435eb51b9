import type { Plan } from '@skyflo/contracts';
import type { KubeObject, WriteRequest, WriteTarget } from '@skyflo/kube';
import { markAnnotation } from './drift.ts';
import { type Keyed, withFingerprints } from './fingerprints.ts';
import { toPointer } from './json-pointer.ts';
import { toDiffYaml } from './yaml-text.ts';

/** A create with the grant annotation in it; its name is fixed, so that a late duplicate is refused. */
export function createRequest(
  object: KubeObject,
  grantId: string,
  { target, options }: { readonly target: WriteTarget; readonly options: WriteRequest['options'] },
): WriteRequest {
  const { metadata } = object;
  const annotations = { ...metadata.annotations, [markAnnotation]: grantId };
  return {
    verb: 'create',
    target,
    body: JSON.stringify({ ...object, metadata: { ...metadata, annotations } }),
    options,
  };
}

/** All of the object is new: the list of fields would only say it again. */
export function creationChange(
  after: KubeObject,
  { grantId, keyed }: { readonly grantId: string; readonly keyed: Keyed },
): Omit<Plan['changes'][0], 'object'> {
  const mark = { path: toPointer(['metadata', 'annotations', markAnnotation]), from: null, to: grantId };
  return { changes: [mark], before: '', after: toDiffYaml(withFingerprints(after, keyed)) };
}
