import { describe, expect, it } from '@jest/globals';
import { chooseContainerOf } from './containers.ts';
import { imagesOf, splitImage } from './images.ts';

const aPod = { containers: [{ name: 'web', image: 'web:1' }], initContainers: [{ name: 'migrate', image: 'web:0' }] };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { template: { spec: aPod } },
};
const cronJob = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'web' },
  spec: { jobTemplate: { spec: { template: { spec: aPod } } } },
};
const two = [...imagesOf(deployment), { container: 'proxy', image: 'proxy:1', path: ['containers', '1', 'image'] }];

describe('the images of a workload', () => {
  it('are found with their places, in a CronJob too', () => {
    expect(imagesOf(deployment).map(({ path }) => path.join('.'))).toEqual([
      'spec.template.spec.containers.0.image',
      'spec.template.spec.initContainers.0.image',
    ]);
    expect(imagesOf(cronJob)[0]?.path.join('.')).toBe('spec.jobTemplate.spec.template.spec.containers.0.image');
  });

  it('are chosen by name, or as the only one, and never by guessing', () => {
    expect(chooseContainerOf(imagesOf(deployment), undefined, 'it')).toMatchObject({ container: 'web' });
    expect(chooseContainerOf(imagesOf(deployment), 'migrate', 'it')).toMatchObject({ image: 'web:0' });
    expect(() => chooseContainerOf(two, undefined, 'it')).toThrow(
      'has several containers; name one of web, migrate, proxy',
    );
    expect(() => chooseContainerOf(two, 'nobody', 'it')).toThrow('has no container "nobody"');
  });

  it.each([
    ['nginx', 'nginx', undefined],
    ['nginx:1.29', 'nginx', '1.29'],
    ['localhost:5000/nginx', 'localhost:5000/nginx', undefined],
    ['localhost:5000/a/nginx:1', 'localhost:5000/a/nginx', '1'],
    ['nginx:1@sha256:ab', 'nginx', 'sha256:ab'],
  ])('fall into repository and version: %s', (image, repository, version) => {
    expect(splitImage(image)).toEqual({ repository, version });
  });
});
