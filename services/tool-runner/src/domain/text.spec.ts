import { describe, expect, it } from '@jest/globals';
import { ageOf } from './age.ts';
import { capText } from './cap.ts';
import { pickField } from './field-path.ts';
import { toPointer, toWords } from './json-pointer.ts';
import { foldLines, grepLines } from './log-lines.ts';
import { tableText } from './table-text.ts';
import { textTable } from './text-table.ts';

describe('a text that is too long', () => {
  it('keeps head and tail, whole lines, within its bytes', () => {
    const lines = Array.from({ length: 2000 }, (_, n) => `line ${n} ✓`);
    const { text, truncated } = capText(lines.join('\n'), 1000);
    expect(truncated).toBe(true);
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(1000);
    expect(text).toMatch(/^line 0 ✓\n[\s\S]+\n… \d+ bytes left out …\n[\s\S]+line 1999 ✓$/);
    expect(text).not.toContain('\uFFFD');
  });

  it('is left alone while it fits', () => {
    expect(capText('short', 1000)).toEqual({ text: 'short', truncated: false });
  });
});

describe('log lines', () => {
  it('that say the same are folded, whatever their times and numbers', () => {
    const lines = ['2026-11-24T10:00:01Z retry 1 in 200ms', '2026-11-24T10:00:02Z retry 2 in 400ms', 'gave up'];
    expect(foldLines(lines)).toEqual(['2026-11-24T10:00:02Z retry 2 in 400ms (×2)', 'gave up']);
  });

  it('are found by plain text, not by pattern', () => {
    expect(grepLines(['Error: a.*b', 'fine'], 'A.*')).toEqual(['Error: a.*b']);
  });
});

describe('a field path', () => {
  const object = {
    spec: { replicas: 3, containers: [{ image: 'a' }, { image: 'b' }] },
    metadata: { annotations: { 'x.io/y': 'z' } },
  };

  it.each([
    ['.spec.replicas', 3],
    ['spec.containers[*].image', ['a', 'b']],
    ['{.spec.containers[1].image}', 'b'],
    [".metadata.annotations['x.io/y']", 'z'],
    ['.metadata.annotations[x.io/y]', 'z'],
    ['.status.nothing', null],
    ['.constructor', null],
  ])('%s picks the value', (path, value) => {
    expect(pickField(object, path)).toEqual(value);
  });

  it.each(['.spec..replicas', '.spec[', 'a b', '.spec; rm'])('%s is refused', (path) => {
    expect(() => pickField(object, path)).toThrow('fields');
  });
});

describe('tables', () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const columns = [
    { name: 'Name', type: 'string', priority: 0 },
    { name: 'Age', type: 'date', priority: 0 },
    { name: 'IP', type: 'string', priority: 1 },
  ];

  it('show the default columns, namespaces where they matter, and how to go on', () => {
    const rows = [{ cells: ['web', '2026-11-24T11:00:00Z', '10.0.0.1'], metadata: { name: 'web', namespace: 'shop' } }];
    const table = { columns, rows, continue: 'abc', remaining: 7 };
    expect(tableText(table, now, { withNamespace: true })).toBe(
      'NAMESPACE  NAME  AGE\nshop       web   60m\n… the first 1 are shown, there are 7 more; call again with continue: abc',
    );
  });

  it('show all columns where they are wanted wide', () => {
    const rows = [{ cells: ['web', '2026-11-24T11:00:00Z', '10.0.0.1'] }];
    expect(tableText({ columns, rows }, now, { withNamespace: false, wide: true })).toBe(
      'NAME  AGE  IP\nweb   60m  10.0.0.1',
    );
  });

  it('align their columns', () => {
    expect(
      textTable(
        ['a', 'b'],
        [
          ['long', '1'],
          ['x', '22'],
        ],
      ),
    ).toBe('A     B\nlong  1\nx     22');
  });

  it('tell ages as kubectl does', () => {
    const ages = ['2026-11-24T11:59:30Z', '2026-11-24T11:50:00Z', '2026-11-24T03:00:00Z', '2026-11-20T12:00:00Z', null];
    expect(ages.map((time) => ageOf(time, now))).toEqual(['30s', '10m', '9h', '4d', '']);
  });
});

describe('pointers', () => {
  it('are written with their escapes and read as words', () => {
    const pointer = toPointer(['metadata', 'annotations', 'skyflo.ai/grant']);
    expect(pointer).toBe('/metadata/annotations/skyflo.ai~1grant');
    expect(toWords(pointer)).toBe('metadata.annotations["skyflo.ai/grant"]');
    expect(toWords('/spec/containers/0/image')).toBe('spec.containers[0].image');
  });
});
