import { type Problem, podProblems, serviceProblems } from './problems.ts';
import { readTable, type Row } from './table.ts';
import { argOf, resultsOf, type Talk } from './talk.ts';
import type { PlannedCall } from './toolbox.ts';
import { toKind } from './words.ts';

/** What has to be read to see what is wrong in a namespace. */
export function readEverything(talk: Talk): PlannedCall[] {
  const { namespace, tools } = talk;
  return [
    ...['Pod', 'Deployment', 'Service', 'EndpointSlice'].flatMap((kind) => tools.call('k8s_get', { kind, namespace })),
    ...tools.call('k8s_events', { namespace, warningsOnly: true }),
  ];
}

export function findProblems(talk: Talk): Problem[] {
  const rows = (kind: string): Row[] =>
    resultsOf(talk, 'k8s_get')
      .filter((result) => toKind(argOf(result, 'kind', 'resource', 'resource_type')) === kind)
      .flatMap((result) => readTable(result.text));
  const pods = podProblems(rows('Pod'), talk.namespace);
  const troubled = new Set(pods.map((problem) => problem.subject));
  // A Service without endpoints because its own pods are in trouble is the same trouble, said once.
  const services = serviceProblems(rows('Service'), rows('EndpointSlice'), talk.namespace);
  return [...pods, ...services.filter((problem) => !troubled.has(problem.subject))];
}
