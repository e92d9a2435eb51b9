import { describe, expect, it } from 'vitest';
import { countChanges, diffYaml, toPairs, type Line, type Row } from './yaml-diff.ts';

const before = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  namespace: shop
spec:
  replicas: 4
  revisionHistoryLimit: 10
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
  template:
    metadata:
      labels:
        app: checkout
    spec:
      containers:
        - name: api
          image: registry.acme.internal/checkout:2.17.4
`;
const after = before.replace('replicas: 4', 'replicas: 6').replace('2.17.4', '2.18.0');

const isLine = (row: Row): row is Line => row.kind !== 'fold';
const changed = (rows: readonly Row[]): (string | undefined)[] =>
  rows
    .filter(isLine)
    .filter((row) => row.kind !== 'same')
    .map((row) => row.words.find((word) => word.changed)?.text);

describe('the diff of a plan', () => {
  const rows = diffYaml(before, after);

  it('counts the lines that come and go', () => {
    expect(countChanges(rows)).toEqual({ added: 2, removed: 2 });
  });

  it('numbers both sides', () => {
    const removed = rows.filter(isLine).find((row) => row.kind === 'removed');
    const added = rows.filter(isLine).find((row) => row.kind === 'added');
    expect(removed).toMatchObject({ before: 7 });
    expect(added).toMatchObject({ after: 7 });
  });

  it('marks the words that differ, a version as one', () => {
    expect(changed(rows)).toEqual(['4', '6', '17.4', '18.0']);
  });

  it('says what its folds hide', () => {
    const folds = rows.filter((row) => row.kind === 'fold');
    expect(folds.map((row) => [row.lines.length, row.names])).toEqual([
      [4, ['apiVersion', 'kind', 'metadata.name']],
      [8, ['spec.strategy', 'spec.template.metadata']],
    ]);
  });

  it('puts what is removed beside what replaces it', () => {
    const pair = toPairs(rows).find((each) => 'left' in each && each.left?.kind === 'removed');
    expect(pair).toMatchObject({ left: { before: 7 }, right: { after: 7 } });
  });

  it('shows a new object as added lines only', () => {
    expect(countChanges(diffYaml('', 'a: 1\nb: 2'))).toEqual({ added: 2, removed: 0 });
  });

  it('does not take a missing line end for a change', () => {
    expect(countChanges(diffYaml('a: 1', 'a: 1\n'))).toEqual({ added: 0, removed: 0 });
  });
});
