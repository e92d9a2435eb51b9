import { Failure } from '@skyflo/contracts';

/** Kubernetes' qualified name: an optional DNS prefix, a slash, and at most 63 characters. */
const qualified = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Keys that a controller or a tool keeps: it would put them back, or lose its way without them. */
const owned: readonly (readonly [RegExp, string])[] = [
  [/^([^/]+\.)?skyflo\.ai\//, 'Skyflo'],
  [/^kubectl\.kubernetes\.io\/last-applied-configuration$/, 'kubectl apply'],
  [/^(pod-template-hash|controller-revision-hash|rollouts-pod-template-hash)$/, 'the controller of the pods'],
  [/^(controller-uid|job-name|batch\.kubernetes\.io\/.+)$/, 'the Job controller'],
  [
    /^(statefulset|apps|deployment|deprecated\.daemonset|pv|volume|endpoints|endpointslice)\.kubernetes\.io\//,
    'Kubernetes',
  ],
  [/^(deprecated\.daemonset\.template\.generation|control-plane\.alpha\.kubernetes\.io\/leader)$/, 'Kubernetes'],
  [/^(kubernetes\.io\/(hostname|os|arch)|(topology|node|node\.alpha|beta|volumes)\.kubernetes\.io\/.+)$/, 'Kubernetes'],
  [/^(meta\.helm\.sh\/.+|helm\.sh\/chart)$/, 'Helm'],
  [/^argocd\.argoproj\.io\/(tracking-id|instance)$/, 'Argo CD'],
  [/^(kustomize|helm)\.toolkit\.fluxcd\.io\//, 'Flux'],
];

/** Refuses a key that is none, or that somebody else keeps. `field` is the argument it came in. */
export function assertOwnKey(key: string, field: string): void {
  const prefix = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  if (!qualified.test(key) || prefix.includes('..') || key.length > 317)
    throw Failure.terminal(
      'InvalidArguments',
      `${field}: "${key.slice(0, 60)}" is no key; write team or example.org/team.`,
    );
  const keeper = owned.find(([pattern]) => pattern.test(key))?.[1];
  if (keeper !== undefined)
    throw Failure.terminal('KeyOwnedByAnother', `${field}: ${key} is kept by ${keeper} and is not changed from here.`);
}

export function assertLabelValue(key: string, value: string, field: string): void {
  if (!labelValue.test(value))
    throw Failure.terminal(
      'InvalidArguments',
      `${field}: ${key} cannot be "${value.slice(0, 70)}": at most 63 letters, digits, "-", "_" and ".".`,
    );
}
