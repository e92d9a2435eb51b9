import { describe, expect, it } from '@jest/globals';
import { Failure } from '@skyflo/contracts';
import type { KubeObject } from './objects.ts';
import { type Watched, watchObjects } from './watch.ts';

const aPod = (name: string, resourceVersion: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, uid: `uid-${name}`, resourceVersion },
});
const line = (type: string, object: object) => JSON.stringify({ type, object });
const bookmark = (resourceVersion: string) => line('BOOKMARK', { metadata: { resourceVersion } });
const expired = line('ERROR', { kind: 'Status', code: 410, message: 'too old resource version' });
const unreachable = Failure.retryable('ClusterUnreachable', 'it closed the connection');

/** A server that follows a script: what it lists, and how each stream goes; after the last the watch is ended. */
async function watched(script: {
  readonly lists: readonly (readonly KubeObject[] | Failure)[];
  readonly streams: readonly (readonly (string | Failure)[])[];
}) {
  const stopping = new AbortController();
  const lists = [...script.lists];
  const streams = [...script.streams];
  const from: string[] = [];
  const told: Watched[] = [];
  const source = {
    async list() {
      const items = lists.shift() ?? [];
      if (items instanceof Failure) throw items;
      return { items, resourceVersion: '100' };
    },
    async *follow(resourceVersion: string) {
      from.push(resourceVersion);
      const lines = streams.shift();
      if (lines === undefined) return stopping.abort();
      if (!(lines[0] instanceof Failure)) yield '';
      for (const one of lines) {
        if (one instanceof Failure) throw one;
        yield one;
      }
      return undefined;
    },
  };
  const end = await (async () => {
    for await (const one of watchObjects(source, stopping.signal)) told.push(one);
  })().catch((error: unknown) => error);
  return { told: told.map(inWords), from, end };
}

function inWords(one: Watched): string {
  if (one.kind === 'there' || one.kind === 'gone') return `${one.kind} ${one.object.metadata.name}`;
  return one.kind === 'disconnected' ? `disconnected ${one.failure.code}` : one.kind;
}

describe('a watch', () => {
  it('tells what is there, then what becomes of it', async () => {
    const { told } = await watched({
      lists: [[aPod('a', '90')]],
      streams: [
        [line('MODIFIED', aPod('a', '101')), line('ADDED', aPod('b', '102')), line('DELETED', aPod('a', '103'))],
      ],
    });
    expect(told).toEqual(['there a', 'synced', 'there a', 'there b', 'gone a']);
  });

  it('goes on where a stream ended, by events and by bookmarks, without listing again', async () => {
    const { from, told } = await watched({
      lists: [[]],
      streams: [[line('ADDED', aPod('a', '101'))], [bookmark('150')], [unreachable]],
    });
    expect(from).toEqual(['100', '101', '150', '150']);
    expect(told).toEqual(['synced', 'there a', 'disconnected ClusterUnreachable']);
  });

  it('says when what it tells is old, and when it is not any more', async () => {
    const { told } = await watched({ lists: [[]], streams: [[unreachable], [unreachable], []] });
    expect(told).toEqual(['synced', ...Array<string>(2).fill('disconnected ClusterUnreachable'), 'connected']);
  });

  it.each([
    ['in the stream', expired],
    ['as an answer', Failure.terminal('ContinueExpired', 'too old')],
  ])('makes up for an expired place, said %s, by telling what was missed and only that', async (_how, end) => {
    const { told } = await watched({
      lists: [
        [aPod('a', '90'), aPod('b', '91')],
        [aPod('b', '91'), aPod('c', '120')],
      ],
      streams: [[end]],
    });
    expect(told).toEqual(['there a', 'there b', 'synced', 'gone a', 'there c', 'synced']);
  });

  it('tells an object that was made anew under its name from the first one', async () => {
    const anew = { ...aPod('a', '120'), metadata: { name: 'a', uid: 'another', resourceVersion: '120' } };
    const { told } = await watched({ lists: [[aPod('a', '90')], [anew]], streams: [[expired]] });
    expect(told).toEqual(['there a', 'synced', 'gone a', 'there a', 'synced']);
  });

  it('lives through a server that cannot be reached, and gives up where trying again is no use', async () => {
    const away = await watched({ lists: [unreachable, []], streams: [] });
    expect(away.told).toEqual(['disconnected ClusterUnreachable', 'synced']);
    const forbidden = Failure.terminal('Forbidden', 'may not watch');
    const { end, told } = await watched({ lists: [[]], streams: [[forbidden]] });
    expect(end).toBe(forbidden);
    expect(told).toEqual(['synced']);
  });
});
