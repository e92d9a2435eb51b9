import type { KubeObject, WriteRequest } from '@skyflo/kube';
import type { ApplyPart } from './draft.ts';
import { markAnnotation } from './drift.ts';
import type { WriteAhead } from './outcome.ts';

/**
 * No object ever has this resourceVersion: an apply with it makes an object or is refused, and never changes one that has
 * come meanwhile. A POST would do the same, but then the server would not know later what the manifest had in it.
 */
const ofNoObject = '1';

/** The apply configuration of a part. Without a mark it is only for trying out. */
export function applyBody({ live, manifest }: Pick<ApplyPart, 'live' | 'manifest'>, mark?: string): string {
  const { annotations, ...metadata } = manifest.metadata;
  const which = live ? { uid: live.metadata.uid } : { resourceVersion: ofNoObject };
  const marked = mark === undefined ? annotations : { ...annotations, [markAnnotation]: mark };
  return JSON.stringify({ ...manifest, metadata: { ...metadata, ...which, annotations: marked } });
}

/**
 * The request as it is sent. An apply that changes an object is bound to the resourceVersion at which the object was
 * found to be as it was approved, right before: so a late duplicate is refused whatever others do to the object. At the
 * time of the plan that would be too early, because every change of a status moves it.
 */
export function bound(
  request: WriteRequest,
  { uid, resourceVersion }: Pick<WriteAhead, 'uid' | 'resourceVersion'>,
): WriteRequest {
  if (request.verb !== 'apply' || uid === '') return request;
  const body = JSON.parse(request.body) as KubeObject;
  return { ...request, body: JSON.stringify({ ...body, metadata: { ...body.metadata, resourceVersion } }) };
}
