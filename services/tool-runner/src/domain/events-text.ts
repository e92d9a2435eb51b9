import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { ageOf } from './age.ts';
import { textTable } from './text-table.ts';

const ClusterEvent = z.looseObject({
  type: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  count: z.number().optional(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  firstTimestamp: z.string().nullish(),
  series: z.looseObject({ count: z.number(), lastObservedTime: z.string() }).nullish(),
  metadata: z.looseObject({ creationTimestamp: z.string().nullish() }),
  involvedObject: z.looseObject({
    kind: z.string().optional(),
    name: z.string().optional(),
    namespace: z.string().optional(),
  }),
});
type ClusterEvent = z.infer<typeof ClusterEvent>;

export type EventFilter = {
  readonly since?: Date | undefined;
  readonly limit: number;
  readonly withNamespace?: boolean;
};

/** Events as a table, the newest first; undefined where none is left. The API lists them in no order of time. */
export function eventsTable(
  items: readonly KubeObject[],
  now: Date,
  filter: EventFilter,
): { text: string; count: number } | undefined {
  const events = items
    .map((item) => ClusterEvent.parse(item))
    .filter((event) => filter.since === undefined || lastSeen(event) >= filter.since.getTime())
    .toSorted((a, b) => lastSeen(b) - lastSeen(a));
  if (events.length === 0) return undefined;
  const shown = events.slice(0, filter.limit).map((event) => row(event, now, filter.withNamespace === true));
  const more = events.length > shown.length ? `\n… ${events.length - shown.length} older events left out` : '';
  return { text: textTable(['last', 'type', 'reason', 'object', 'message'], shown) + more, count: events.length };
}

function row(event: ClusterEvent, now: Date, withNamespace: boolean): string[] {
  const { kind = '', name = '', namespace } = event.involvedObject;
  const times = event.series?.count ?? event.count ?? 1;
  const object = `${kind.toLowerCase()}/${name}`;
  return [
    ageOf(new Date(lastSeen(event)).toISOString(), now),
    event.type ?? '',
    event.reason ?? '',
    withNamespace && namespace !== undefined ? `${namespace} ${object}` : object,
    `${(event.message ?? '').replace(/\s+/g, ' ')}${times > 1 ? ` (×${times})` : ''}`,
  ];
}

function lastSeen({ series, lastTimestamp, eventTime, firstTimestamp, metadata }: ClusterEvent): number {
  return (
    Date.parse(
      series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp ?? '',
    ) || 0
  );
}
