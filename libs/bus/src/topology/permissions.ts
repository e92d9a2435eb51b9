import { catalog, questions, questionSubject, subjectFilterOf } from '@skyflo/contracts';
import type { CatalogEntry, QuestionEntry, ServiceName } from '@skyflo/contracts';
import { livePrefix, topology, viewers, type ConsumerSpec } from './topology.ts';

export type Permissions = {
  readonly publish: { readonly allow: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
};

const entries: readonly CatalogEntry[] = catalog;
const questionEntries: readonly QuestionEntry[] = questions;

/** Where a service gets its answers; a prefix of its own, or services could read each other's. */
export function inboxPrefixOf(service: ServiceName): string {
  return `_INBOX_${service}`;
}

/**
 * All that a service's NATS user may do: say its own events, read and acknowledge through its own durables, ask and answer
 * what the catalog has it ask and answer. Answers go to the inboxes of those who may ask, by name: with the server's
 * `allow_responses` an asker could make the answerer publish to any subject it likes.
 */
export function permissionsOf(service: ServiceName): Permissions {
  const asked = questionEntries.filter((entry) => entry.askedBy.includes(service));
  const answered = questionEntries.filter((entry) => entry.answeredBy === service);
  const own = topology().consumers.filter((consumer) => consumer.service === service);
  const publish = [
    ...entries.filter((entry) => entry.from.includes(service)).map(subjectFilterOf),
    ...own.flatMap(consumerSubjects),
    ...asked.map(questionSubject),
    ...new Set(answered.flatMap((entry) => entry.askedBy).map((asker) => `${inboxPrefixOf(asker)}.>`)),
    ...(viewers.includes(service) ? ['$JS.API.STREAM.INFO.RUNS', '$JS.API.DIRECT.GET.RUNS'] : []),
  ];
  const subscribe = [
    `${inboxPrefixOf(service)}.>`,
    // With the queue's name behind it only a member of the queue may listen, so questions cannot be overheard.
    ...answered.map((entry) => `${questionSubject(entry)} ${service}`),
    ...(viewers.includes(service) ? [`${livePrefix}.run.>`] : []),
  ];
  return { publish: { allow: publish }, subscribe: { allow: subscribe } };
}

function consumerSubjects({ stream, durable, acknowledge }: ConsumerSpec): string[] {
  return [
    `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    `$JS.ACK.${stream}.${durable}.>`,
    // Reading a stream in order begins by taking back what was delivered and never acknowledged.
    ...(acknowledge === 'all' ? [`$JS.API.CONSUMER.RESET.${stream}.${durable}`, `$JS.API.STREAM.INFO.${stream}`] : []),
  ];
}
