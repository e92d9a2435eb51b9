import { describe, expect, it } from '@jest/globals';
import { resolveKind } from './resolve-kind.ts';
import type { ResourceType } from './resource-type.ts';

function aType(group: string, resource: string, kind: string, extra: Partial<ResourceType> = {}): ResourceType {
  const version = extra.version ?? 'v1';
  return {
    group,
    version,
    resource,
    kind,
    namespaced: true,
    singular: kind.toLowerCase(),
    shortNames: [],
    verbs: [],
    subresources: [],
    ...extra,
  };
}

const types = [
  aType('', 'services', 'Service', { shortNames: ['svc'] }),
  aType('autoscaling', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', { version: 'v2', shortNames: ['hpa'] }),
  aType('autoscaling', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', { shortNames: ['hpa'] }),
  aType('networking.k8s.io', 'ingresses', 'Ingress'),
  aType('config.example.com', 'ingresses', 'Ingress'),
  aType('serving.knative.dev', 'services', 'Service'),
  aType('a.example.com', 'widgets', 'Widget'),
  aType('b.example.com', 'widgets', 'Widget'),
];

describe('what a word for a kind means', () => {
  it('prefers the core group, then the groups of Kubernetes', () => {
    expect(resolveKind(types, 'service')?.group).toBe('');
    expect(resolveKind(types, 'Ingress')?.group).toBe('networking.k8s.io');
    expect(resolveKind(types, 'services.serving.knative.dev')?.group).toBe('serving.knative.dev');
  });

  it('takes the version the server prefers unless one is named', () => {
    expect(resolveKind(types, 'hpa')?.version).toBe('v2');
    expect(resolveKind(types, 'horizontalpodautoscalers.v1.autoscaling')?.version).toBe('v1');
    expect(resolveKind(types, 'autoscaling/v1/HorizontalPodAutoscaler')?.version).toBe('v1');
  });

  it('names the candidates of an ambiguous word', () => {
    expect(() => resolveKind(types, 'widget')).toThrow(
      'kind: "widget" can mean widgets.a.example.com, widgets.b.example.com; name one of these.',
    );
  });

  it('knows nothing of what is not served', () => {
    expect(resolveKind(types, 'gizmo')).toBeUndefined();
  });
});
