import { describe, expect, it } from '@jest/globals';
import type { Operation } from './operation.ts';
import { decideRelease, orphanMs, type ReleaseEvidence } from './release-outcome.ts';
import type { StoredRevision } from './release.ts';

const grantId = 'a-grant';
const upgrade: Operation = {
  kind: 'upgrade',
  namespace: 'shop',
  name: 'web',
  revision: 1,
  repository: 'demo',
  chart: 'web',
  version: '1.1.0',
  sha256: '0'.repeat(64),
  values: {},
  rendered: '1'.repeat(64),
};
const rollback: Operation = { kind: 'rollback', namespace: 'shop', name: 'web', revision: 1, to: 1, rendered: '' };
const uninstall: Operation = { kind: 'uninstall', namespace: 'shop', name: 'web', revision: 1, keepHistory: false };
const stored = (revision: number, status: string, grant?: string): StoredRevision => ({
  namespace: 'shop',
  name: 'web',
  revision,
  status,
  grant,
});
const first = stored(1, 'deployed');
const refusal = { ok: false, words: 'another operation is in progress' };
const decide = (over: Partial<ReleaseEvidence>) =>
  decideRelease({ operation: upgrade, grantId, revisions: [first], sinceBegunMs: 1_000, ...over });

describe('what became of an operation of Helm', () => {
  it('is done where the revision is there under this grant, whatever helm said last', () => {
    const revisions = [stored(2, 'deployed', grantId), stored(1, 'superseded')];
    expect(decide({ revisions })).toEqual({ kind: 'done' });
    expect(decide({ revisions, ended: refusal })).toEqual({ kind: 'done' });
    expect(decide({ revisions: [stored(3, 'deployed'), stored(2, 'superseded', grantId)] })).toEqual({ kind: 'done' });
  });

  it('is done of a rollback by its revision alone: it carries the label of the one it went back to', () => {
    const revisions = [stored(2, 'deployed', 'an-older-grant'), stored(1, 'superseded', 'an-older-grant')];
    expect(decide({ operation: rollback, revisions })).toEqual({ kind: 'done' });
  });

  it('is done where somebody else was faster by a moment, and ours came after theirs', () => {
    const revisions = [stored(3, 'deployed', grantId), stored(2, 'superseded', 'their-grant'), first];
    expect(decide({ revisions })).toEqual({ kind: 'done' });
  });

  it('is not done where helm ended without a revision, whoever made that one', () => {
    expect(decide({ ended: refusal })).toMatchObject({
      kind: 'not-done',
      failure: { code: 'HelmFailed', message: 'Helm refused: another operation is in progress' },
    });
    const theirs = [stored(2, 'deployed', 'their-grant'), first];
    expect(decide({ revisions: theirs, ended: refusal })).toMatchObject({ kind: 'not-done' });
    expect(decide({ revisions: theirs })).toMatchObject({ kind: 'wait' });
    expect(decide({ revisions: theirs, sinceBegunMs: orphanMs })).toMatchObject({ kind: 'uncertain' });
  });

  it('is for a person to say where it failed halfway', () => {
    const revisions = [stored(2, 'failed', grantId), first];
    expect(decide({ revisions, ended: { ok: false, words: 'no.' } })).toEqual({
      kind: 'uncertain',
      seen: 'Revision 2 is failed. Helm said: no. Roll back to an earlier revision, or mend it and upgrade again.',
    });
  });

  it('is waited for while another process may be at it, and no longer', () => {
    const revisions = [stored(2, 'pending-upgrade', grantId), first];
    expect(decide({ revisions })).toMatchObject({ kind: 'wait' });
    expect(decide({ revisions, sinceBegunMs: orphanMs })).toMatchObject({ kind: 'uncertain' });
    expect(decide({})).toMatchObject({ kind: 'wait' });
    expect(decide({ sinceBegunMs: orphanMs })).toMatchObject({
      kind: 'uncertain',
      seen: expect.stringContaining('revision 2 of release shop/web is not there'),
    });
  });

  it('of an uninstall is seen by what is gone', () => {
    const operation = uninstall;
    expect(decide({ operation, revisions: [] })).toEqual({ kind: 'done' });
    expect(decide({ operation, revisions: [stored(1, 'uninstalled')] })).toEqual({ kind: 'done' });
    expect(decide({ operation, ended: refusal })).toMatchObject({ kind: 'not-done' });
    expect(decide({ operation, revisions: [stored(1, 'uninstalling')] })).toMatchObject({ kind: 'wait' });
    expect(decide({ operation, revisions: [stored(1, 'uninstalling')], ended: refusal })).toMatchObject({
      kind: 'uncertain',
    });
  });
});
