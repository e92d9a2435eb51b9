import { setTimeout as sleep } from 'node:timers/promises';
import { ensureFailure, Failure } from '@skyflo/contracts';
import type { KubeList, KubeObject } from './objects.ts';
import { readWatchLine } from './watch-line.ts';

/**
 * What a watch tells. First each object there is as `there`, then `synced`; after that `there` for each that appears or
 * changes and `gone`, with the object as it last was, for each that goes. `disconnected` says that what was told may be old
 * by now, `connected` that it is told as it happens again, beginning with what was missed.
 */
export type Watched =
  | { readonly kind: 'there' | 'gone'; readonly object: KubeObject }
  | { readonly kind: 'synced' | 'connected' }
  | { readonly kind: 'disconnected'; readonly failure: Failure };

/** The two requests a watch is made of. */
export type WatchSource = {
  /** A page of what is there. */
  list(handle: string | undefined): Promise<KubeList>;
  /** What happens after a resourceVersion: an empty line once the server answers, then its lines. */
  follow(resourceVersion: string): AsyncIterable<string>;
};

const firstPauseMs = 100;
const longestPauseMs = 10_000;

/**
 * A watch that survives: a stream that ends is resumed where it was, an expired place (410) is made up for by listing again
 * and comparing, a server that cannot be reached is asked again with growing pauses. It ends only by its signal, by leaving
 * the loop, or by throwing a Failure that trying again cannot cure (forbidden, no such kind). It remembers what it told, so
 * it is for selections, not for all pods of a large cluster.
 */
export async function* watchObjects(source: WatchSource, signal: AbortSignal): AsyncGenerator<Watched> {
  const known = new Map<string, KubeObject>();
  let place: string | undefined;
  let vain = 0;
  let away = false;
  for (;;) {
    signal.throwIfAborted();
    const began = performance.now();
    const before = place;
    try {
      place ??= yield* listed(source, known);
      for await (const line of source.follow(place)) {
        if (away) yield { kind: 'connected' };
        away = false;
        if (line === '') continue;
        const event = readWatchLine(line);
        place = event.kind === 'expired' ? undefined : (event.resourceVersion ?? place);
        if (event.kind === 'expired') break;
        if (event.kind !== 'bookmark') yield remembered(event, known);
      }
      // A stream that ends at once without a word may do so for ever: such a proxy must not be hammered.
      const isQuiet = place === before || place === undefined;
      vain = isQuiet && !hasLived(began) ? vain + 1 : 0;
    } catch (error) {
      signal.throwIfAborted();
      const failure = ensureFailure(error);
      vain = hasLived(began) ? 1 : vain + 1;
      if (failure.code === expired) place = undefined;
      else if (!failure.retryable) throw failure;
      else {
        away = true;
        yield { kind: 'disconnected', failure };
      }
    }
    if (vain > 0) await sleep(Math.min(firstPauseMs * 2 ** (vain - 1), longestPauseMs), undefined, { signal });
  }
}

/** A stream that went on for a while was no vain try. */
function hasLived(began: number): boolean {
  return performance.now() - began > longestPauseMs;
}

/** The code of a 410, for a page as for a stream. */
const expired = 'ContinueExpired';

/** Tells all that is there, and of what was there before and is no more; the place to go on from. */
async function* listed(source: WatchSource, known: Map<string, KubeObject>): AsyncGenerator<Watched, string> {
  const found = new Map<string, KubeObject>();
  let page: KubeList;
  let handle: string | undefined;
  do {
    page = await source.list(handle);
    for (const object of page.items) found.set(keyOf(object), object);
    handle = page.continue;
  } while (handle !== undefined);
  for (const [key, object] of [...known]) {
    if (found.has(key)) continue;
    known.delete(key);
    yield { kind: 'gone', object };
  }
  for (const [key, object] of found) {
    const isNews = known.get(key)?.metadata.resourceVersion !== object.metadata.resourceVersion;
    known.set(key, object);
    if (isNews) yield { kind: 'there', object };
  }
  yield { kind: 'synced' };
  if (page.resourceVersion === undefined)
    throw Failure.retryable('ClusterError', 'The API server listed objects without saying as of when.');
  return page.resourceVersion;
}

function remembered(
  event: { readonly kind: 'there' | 'gone'; readonly object: KubeObject },
  known: Map<string, KubeObject>,
): Watched {
  const { kind, object } = event;
  if (kind === 'gone') known.delete(keyOf(object));
  else known.set(keyOf(object), object);
  return { kind, object };
}

/** By uid: an object that was made anew under its name is another one, and the first is gone. */
function keyOf({ metadata }: KubeObject): string {
  return metadata.uid ?? `${metadata.namespace ?? ''}/${metadata.name}`;
}
