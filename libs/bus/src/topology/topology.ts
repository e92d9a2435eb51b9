import {
  catalog,
  prefixes,
  questions,
  streams,
  subjectFilterOf,
  type CatalogEntry,
  type EventDefinition,
  type QuestionEntry,
  type ServiceName,
  type StreamName,
} from '@skyflo/contracts';
import { ackWaitMs, duplicateWindowMs, maxAckPending, maxAckPendingInBatches, maxAgeMs } from './limits.ts';

export type StreamSpec = {
  readonly name: StreamName;
  readonly subjects: readonly string[];
  readonly maxAgeMs: number;
  readonly duplicateWindowMs: number;
  /** Every stored message is published again under this prefix, for whoever is looking at the time. */
  readonly republish?: { readonly from: string; readonly to: string };
};

export type ConsumerSpec = {
  readonly service: ServiceName;
  readonly stream: StreamName;
  readonly durable: string;
  readonly filterSubjects: readonly string[];
  /** `all`: acknowledging one acknowledges everything before it, which is how a whole stream is read in order. */
  readonly acknowledge: 'each' | 'all';
  readonly ackWaitMs: number;
  readonly maxAckPending: number;
};

export type Topology = { readonly streams: readonly StreamSpec[]; readonly consumers: readonly ConsumerSpec[] };

const entries: readonly CatalogEntry[] = catalog;
const questionEntries: readonly QuestionEntry[] = questions;

/** The prefix under which the RUNS stream is republished. */
export const livePrefix = 'live';

/** Who reads every stream whole. */
export const recorder: ServiceName = 'persistence';

/** Who may look at conversations live and replay them. */
export const viewers: readonly ServiceName[] = ['gateway'];

/** Streams and durable consumers as the catalog wants them. `ackWaitMs` is there for tests to scale. */
export function topology(scale: { readonly ackWaitMs?: number } = {}): Topology {
  const wait = { ackWaitMs: scale.ackWaitMs ?? ackWaitMs };
  return {
    streams: streams.map(streamOf),
    consumers: [
      ...entries.flatMap((entry) => entry.to.map((service) => ({ ...consumerOf(service, entry), ...wait }))),
      ...streams.map((stream) => ({ ...recordConsumerOf(stream), ...wait })),
    ],
  };
}

/** The durable through which a service takes one type of event: `gate-tool-requested-v1`. */
export function durableOf(service: ServiceName, event: Pick<EventDefinition, 'type'>): string {
  return `${service}-${event.type.replaceAll('.', '-')}`;
}

/** The durable through which a stream is recorded: `persistence-runs`. */
export function recordDurableOf(stream: StreamName): string {
  return `${recorder}-${stream.toLowerCase()}`;
}

export function consumerOf(service: ServiceName, entry: CatalogEntry): ConsumerSpec {
  return {
    service,
    stream: entry.stream,
    durable: durableOf(service, entry.event),
    filterSubjects: [subjectFilterOf(entry)],
    acknowledge: 'each',
    ackWaitMs,
    maxAckPending,
  };
}

/** Deltas are left out by listing everything else: a filter cannot say "not". */
export function recordConsumerOf(stream: StreamName): ConsumerSpec {
  const recorded = entries.filter((entry) => entry.stream === stream && entry.event.kind === 'event');
  return {
    service: recorder,
    stream,
    durable: recordDurableOf(stream),
    filterSubjects: recorded.map(subjectFilterOf),
    acknowledge: 'all',
    ackWaitMs,
    maxAckPending: maxAckPendingInBatches,
  };
}

/** What a service has to have handlers for. */
export function dutiesOf(service: ServiceName): {
  readonly events: readonly CatalogEntry[];
  readonly questions: readonly QuestionEntry[];
  readonly streams: readonly StreamName[];
} {
  return {
    events: entries.filter((entry) => entry.to.includes(service)),
    questions: questionEntries.filter((entry) => entry.answeredBy === service),
    streams: service === recorder ? streams : [],
  };
}

function streamOf(name: StreamName): StreamSpec {
  const keep = { maxAgeMs, duplicateWindowMs };
  const subjects = [`${prefixes[name]}.>`];
  return name === 'RUNS'
    ? { name, subjects, ...keep, republish: { from: 'run.>', to: `${livePrefix}.run.>` } }
    : { name, subjects, ...keep };
}
