import { Failure, type JsonObject } from '@skyflo/contracts';
import { assertName, assertNamespace, type KubeObject, type ResourceType } from '@skyflo/kube';
import { nameOf } from '../../domain/draft.ts';
import type { Wanted } from '../../domain/manifest.ts';
import { isSystemNamespace } from '../../domain/protected.ts';

/** Written by the server, and in every manifest that was copied from a cluster: no wish of anybody. */
const notApplied: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generateName',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);
const ownAnnotations =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration$|deployment\.kubernetes\.io\/|skyflo\.ai\/)/;

/**
 * A wanted object as it is applied: in its namespace, without status and what only the server writes. Throws
 * `InvalidArguments` where it is not clear which object is meant.
 */
export function toApplied(wanted: Wanted, type: ResourceType, defaultNamespace: string | undefined): KubeObject {
  const { apiVersion, kind, metadata, status: _status, ...rest } = wanted;
  const rbac = type.group === 'rbac.authorization.k8s.io';
  const name = assertName(metadata.name, { field: 'manifest: metadata.name', rbac });
  const namespace = type.namespaced ? namespaceOf(wanted, defaultNamespace) : undefined;
  const { annotations, ...kept } = metadata;
  const meta = Object.fromEntries(Object.entries(kept).filter(([key]) => !notApplied.has(key) && key !== 'namespace'));
  const notes = Object.entries((annotations ?? {}) as JsonObject).filter(([key]) => !ownAnnotations.test(key));
  return {
    apiVersion,
    kind,
    ...rest,
    metadata: {
      ...meta,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(notes.length === 0 ? {} : { annotations: Object.fromEntries(notes) as { [key: string]: string } }),
    },
  };
}

/** As kubectl: a manifest that says another namespace than the arguments is a mistake of one of them. */
function namespaceOf({ kind, metadata: { name, namespace } }: Wanted, given: string | undefined): string {
  if (namespace === undefined && given === undefined)
    throw Failure.terminal('InvalidArguments', `manifest: ${kind} ${name} is in a namespace; name it.`);
  if (namespace !== undefined && given !== undefined && namespace !== given)
    throw Failure.terminal(
      'InvalidArguments',
      `namespace: ${kind} ${name} of the manifest is in "${namespace.slice(0, 63)}", not in "${given}".`,
    );
  return assertNamespace(namespace ?? given ?? '', 'manifest: metadata.namespace');
}

/** Groups through which the cluster is ruled, us included. No approval here is good enough for them. */
const ruling: { readonly [group: string]: string } = {
  'admissionregistration.k8s.io': 'it decides what the API server lets through',
  'apiregistration.k8s.io': 'it decides who answers for a part of the API',
  'authentication.k8s.io': 'it is about who somebody is',
  'authorization.k8s.io': 'it is about what somebody may do',
  'certificates.k8s.io': 'it is about who somebody is',
  'rbac.authorization.k8s.io': 'it decides what somebody may do',
  'skyflo.ai': 'it rules what is let through here',
};
const madeByOthers: ReadonlySet<string> = new Set(['Binding', 'Event', 'Lease', 'Node']);

/** Refuses what is not applied from here, whoever approves it. */
export function assertMayBeApplied(type: ResourceType, object: KubeObject): void {
  const target = nameOf(type.kind, object.metadata);
  const why = ruling[type.group] ?? (madeByOthers.has(type.kind) ? 'the cluster makes it itself' : undefined);
  if (why !== undefined) throw Failure.terminal('KindDenied', `${target} is not applied from here: ${why}.`);
  const space = type.kind === 'Namespace' ? object.metadata.name : object.metadata.namespace;
  if (isSystemNamespace(space))
    throw Failure.terminal('SystemNamespace', `${target} is not applied from here: the cluster depends on it.`);
  if (type.kind === 'Secret' && type.group === '' && ['data', 'stringData'].some((field) => holdsValues(object[field])))
    throw Failure.terminal(
      'SecretInConversation',
      `${target} is not applied from here: its values would be in this conversation.`,
      {
        hint: 'Have a person make the Secret with kubectl or a secret store; refer to it by name.',
      },
    );
}

function holdsValues(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
