import { describe, expect, it } from 'vitest';
import { askFor, kindWords } from './finding-words.ts';

describe('a finding in words', () => {
  it('names its kind as people read it', () => {
    expect(kindWords('ServiceWithoutEndpoints')).toBe('Service without endpoints');
  });

  it.each([
    ['k8s_logs', { kind: 'Pod', name: 'orders-1', namespace: 'shop', previous: true }, 'Logs of orders-1 in shop'],
    ['k8s_describe', { kind: 'Service', name: 'reviews', namespace: 'shop' }, 'Describe service reviews in shop'],
    ['k8s_get', { kind: 'Node', fields: ['.metadata.labels'] }, 'Show nodes'],
    ['k8s_set_image', { name: 'pay', namespace: 'shop', image: 'pay:1' }, 'Set the image of pay in shop to pay:1'],
    ['k8s_set_image', { name: 'pay', namespace: 'shop' }, 'Set the image of pay in shop to …'],
  ])('offers %s as a message', (tool, args, message) => {
    expect(askFor({ tool, args })).toBe(message);
  });
});
