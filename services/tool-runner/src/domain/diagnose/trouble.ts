import type { Finding, FoundObject } from '@skyflo/contracts';

export const troubleKinds = [
  'NodeNotReady',
  'NodePressure',
  'ClaimMissing',
  'ClaimPending',
  'CreationRefused',
  'ImagePull',
  'ContainerConfig',
  'OutOfMemory',
  'CrashLoop',
  'StartBlocked',
  'Unschedulable',
  'ProbeFailing',
  'NotReady',
  'PodFailed',
  'JobFailed',
  'RolloutStuck',
  'ServiceWithoutEndpoints',
  'ServicePortMismatch',
  'IngressWithoutBackend',
  'AutoscalerBlocked',
  'AutoscalerAtLimit',
  'QuotaFull',
] as const;
export type TroubleKind = (typeof troubleKinds)[number];

/** What an analyzer says: a finding, and what is needed to fold those that have the same cause. */
export type Trouble = Omit<Finding, 'kind' | 'also'> & {
  readonly kind: TroubleKind;
  readonly also?: readonly FoundObject[];
  /** Troubles of the same kind, namespace and cause are one finding. */
  readonly cause?: string;
  /** Keys of objects: where one of them is in trouble itself, that explains this one. */
  readonly because?: readonly string[];
  /** No trouble by itself: only worth telling with what explains it. */
  readonly onlyIfExplained?: boolean;
  /** The container whose last words tell why. */
  readonly log?: { readonly namespace: string; readonly pod: string; readonly container: string };
};

export type NextCall = NonNullable<Finding['next']>;

/** The call that looks closer where no better one is known. */
export function describeCall({ kind, namespace, name }: FoundObject): NextCall {
  return { tool: 'k8s_describe', args: { kind, name, ...(namespace === undefined ? {} : { namespace }) } };
}

const longestLine = 240;

/** One line of what the cluster says, without what differs from pod to pod and says nothing. */
export function quote(said: string): string[] {
  const line = said
    .replace(/\s+/g, ' ')
    .replace(/rpc error: code = \w+ desc = /g, '')
    .replace(/ preemption: .*$/, '')
    .trim();
  if (line === '') return [];
  return [line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line];
}

/** `app=web, tier=front`. */
export function labelWords(labels: { readonly [key: string]: string }): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

/** Two or three names, and how many more. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
