import { describe, expect, it } from '@jest/globals';
import { parseManifest } from './manifest.ts';

const aConfigMap = (name: string, data = '{}') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata: ${data}\n`;
const refusal = (text: string) => () => parseManifest(text);

describe('a manifest', () => {
  it('holds several objects, as YAML or JSON, in order; empty documents and lists are taken apart', () => {
    const list = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'c' } }],
    });
    const objects = parseManifest(`---\n${aConfigMap('a')}---\n# nothing\n---\n${aConfigMap('b')}---\n${list}\n`);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ConfigMap a',
      'ConfigMap b',
      'Pod c',
    ]);
  });

  it('is read as kubectl reads it: octal modes and yes and no, but no dates, times of day or underscored words', () => {
    const [object] = parseManifest(
      aConfigMap('a', '{mode: 0644, y: yes, at: 22:22, day: 2026-11-24, n: 1_000, s: "yes"}'),
    );
    expect(object?.['data']).toEqual({ mode: 420, y: true, at: '22:22', day: '2026-11-24', n: 1000, s: 'yes' });
  });

  it('takes anchors and merge keys', () => {
    const [object] = parseManifest(aConfigMap('a', '{base: &b {x: "1"}, more: {<<: *b, y: "2"}}'));
    expect(object?.['data']).toEqual({ base: { x: '1' }, more: { x: '1', y: '2' } });
  });

  it.each([
    ['', 'it holds no object'],
    ['just words', 'document 1 is no object'],
    [`${aConfigMap('a')}---\nkind: ConfigMap`, 'document 2 has no apiVersion'],
    ['apiVersion: v1\nkind: Pod', 'document 1 has no metadata'],
    ['apiVersion: v1\nkind: Pod\nmetadata: {generateName: x-}', 'a name has to be known before it is approved'],
    ['apiVersion: v1\nkind: Pod\nmetadata: {name: 7}', 'document 1 has no metadata.name'],
    ['apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: 7}', 'metadata.namespace is no text'],
    ['apiVersion: v1\nkind: List', 'a List without items'],
    ['a: b: c', 'document 1 is not YAML'],
    ['a: 1\na: 2', 'document 1 is not YAML'],
    ['a: !!binary aGk=', 'document 1 is not YAML'],
    ['a: !!js/function x', 'document 1 is not YAML'],
    [`${aConfigMap('a')}---\n${aConfigMap('a')}`, 'ConfigMap a is in it twice'],
    [aConfigMap('a', '{n: 9007199254740993}'), 'would lose digits'],
    [aConfigMap('a', '{n: .inf}'), 'would lose digits'],
    [aConfigMap('a', '['.repeat(100) + ']'.repeat(100)), 'nested too deeply'],
    [aConfigMap('a', `"${'x'.repeat(70_000)}"`), 'at most 65536'],
    [Array.from({ length: 31 }, (_, n) => aConfigMap(`a${n}`)).join('---\n'), 'more than the 30'],
  ])('is refused by its place where it is %j', (text, why) => {
    expect(refusal(text)).toThrow(/^manifest: /);
    expect(refusal(text)).toThrow(why);
  });

  it('that would fill the memory is refused', () => {
    const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n},`.repeat(9)}]`);
    expect(refusal(`l0: &l0 [x]\n${levels.join('\n')}`)).toThrow('repeats itself beyond reason');
    expect(refusal('a: &a [*a]')).toThrow(/^manifest: /);
  });
});
