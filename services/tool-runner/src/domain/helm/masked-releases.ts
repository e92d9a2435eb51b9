import { maskText } from '../mask.ts';
import { maskRelease } from './mask-release.ts';
import type { Releases } from './release.ts';

/** Releases as read tools see them: masked before a tool has one in hand, so that none can forget to. */
export function maskedReleases(releases: Releases): Releases {
  return {
    revisions: (query) => releases.revisions(query),
    heads: async (...asked) => {
      const heads = await releases.heads(...asked);
      return heads.map((head) =>
        head.description === undefined ? head : { ...head, description: maskText(head.description) },
      );
    },
    get: async (...asked) => maskRelease(await releases.get(...asked)),
  };
}
