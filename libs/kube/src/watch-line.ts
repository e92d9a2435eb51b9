import { z } from 'zod';
import { toObject } from './answers.ts';
import type { KubeObject } from './objects.ts';
import { parseAnswer, parseJsonAnswer } from './parse-answer.ts';
import { statusFailure } from './status-failure.ts';

export type WatchLine =
  | { readonly kind: 'there' | 'gone'; readonly object: KubeObject; readonly resourceVersion: string | undefined }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string | undefined }
  | { readonly kind: 'expired' };

const Line = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.looseObject({
    code: z.number().optional(),
    metadata: z.looseObject({ resourceVersion: z.string().optional() }).optional(),
  }),
});

/** One line of a watch. Throws the Failure that the server reports in an ERROR, other than that the place has expired. */
export function readWatchLine(line: string): WatchLine {
  const { type, object } = parseAnswer(Line, parseJsonAnswer(line), 'events of a watch');
  const resourceVersion = object.metadata?.resourceVersion;
  switch (type) {
    case 'BOOKMARK':
      return { kind: 'bookmark', resourceVersion };
    case 'ERROR':
      if (object.code === 410) return { kind: 'expired' };
      throw statusFailure(object.code ?? 500, JSON.stringify(object));
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'there', object: toObject(JSON.stringify(object)), resourceVersion };
    case 'DELETED':
      return { kind: 'gone', object: toObject(JSON.stringify(object)), resourceVersion };
  }
}
