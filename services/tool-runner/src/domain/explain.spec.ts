import { describe, expect, it } from '@jest/globals';
import { explainField } from './explain.ts';

const type = { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments' };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const book = {
  'io.k8s.api.apps.v1.Deployment': {
    type: 'object',
    description: 'Deployment enables declarative updates.',
    'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'Deployment' }],
    properties: {
      spec: { allOf: [ref('Spec')], default: {}, description: 'What is wanted.' },
      kind: { type: 'string' },
    },
  },
  Spec: {
    type: 'object',
    description: 'Spec in general.',
    required: ['containers'],
    properties: {
      replicas: { type: 'integer', format: 'int32', description: 'How many, e.g. 3. Defaults to 1.', default: 1 },
      containers: { type: 'array', items: { allOf: [ref('Container')], default: {} }, description: 'What runs.' },
      labels: { type: 'object', additionalProperties: { type: 'string', default: '' } },
      byZone: { type: 'object', additionalProperties: ref('Container') },
      strategy: { type: 'string', enum: ['Recreate', 'RollingUpdate'], description: 'How.' },
    },
  },
  Container: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', description: 'Its name.' }, constructorOf: ref('Spec') },
  },
};

describe('a field explained', () => {
  it('says of a kind what it is and what fields it has', () => {
    expect(explainField(book, type, undefined)).toBe(
      [
        'Deployment (apps/v1): object',
        'Deployment enables declarative updates.',
        '',
        'FIELD  TYPE    REQUIRED  MEANING',
        'spec   object            What is wanted.',
        'kind   string',
      ].join('\n'),
    );
  });

  it('goes one level deep, with types, what is required, choices and defaults', () => {
    expect(explainField(book, type, '.spec').split('\n').slice(3)).toEqual([
      'FIELD       TYPE             REQUIRED  MEANING',
      'replicas    integer (int32)            How many, e.g. 3. Default: 1.',
      'containers  list of object   required  What runs.',
      'labels      map of string',
      'byZone      map of object',
      'strategy    string                     How. One of: Recreate, RollingUpdate.',
    ]);
  });

  it.each([
    'spec.containers.name',
    '.spec.containers[*].name',
    'deployment.spec.containers[0].name',
    'spec.byZone.name',
  ])('steps into lists and maps by %s', (path) => {
    expect(explainField(book, type, path)).toMatch(/\.name \(apps\/v1\): string\nIts name\.$/);
  });

  it('names the field that is not there, and those that are', () => {
    expect(() => explainField(book, type, 'spec.replica')).toThrow(
      'path: Deployment.spec has no field "replica"; it has replicas, containers, labels, byZone, strategy.',
    );
    expect(() => explainField(book, type, 'spec.replicas.deeper')).toThrow('it has no fields');
    expect(() => explainField(book, type, 'constructor')).toThrow('path: Deployment has no field "constructor"');
  });
});
