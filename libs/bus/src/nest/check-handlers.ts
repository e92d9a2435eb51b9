import type { ServiceName } from '@skyflo/contracts';
import { dutiesOf } from '../topology/topology.ts';
import { patternOf } from './listening.ts';

/** How the handlers a service has differ from those the catalog wants, one sentence each; empty when they do not. */
export function handlerProblems(
  service: ServiceName,
  found: ReadonlyMap<string, { readonly count: number }>,
): readonly string[] {
  const { events, questions, streams } = dutiesOf(service);
  const wanted = new Set([
    ...events.map(({ event }) => patternOf.event(event.type)),
    ...questions.map(({ question }) => patternOf.question(question.name)),
    ...streams.map(patternOf.stream),
  ]);
  const missing = [...wanted].filter((pattern) => !found.has(pattern));
  const surplus = [...found.keys()].filter((pattern) => !wanted.has(pattern));
  const repeated = [...found].filter(([, { count }]) => count > 1).map(([pattern]) => pattern);
  return [
    ...missing.map((pattern) => `no handler for ${pattern}, which the catalog has ${service} take`),
    ...surplus.map((pattern) => `a handler for ${pattern}, which the catalog does not have ${service} take`),
    ...repeated.map((pattern) => `more than one handler for ${pattern}`),
  ];
}
