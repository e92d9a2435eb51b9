import type { Point } from './fault.ts';

const both = (service: Point['service'], operation: Point['operation'], about: string): Point[] =>
  (['before', 'after'] as const).map((moment) => ({ service, operation, moment, about }));

/** From the person's message to the approval request. */
export const pointsOfThePlan: readonly Point[] = [
  ...both('gateway', 'commit', 'run\\.requested'),
  ...both('gateway', 'publish', 'run\\.requested'),
  ...both('planner', 'commit', 'run\\.started'),
  ...both('planner', 'commit', 'tool\\.requested'),
  ...both('planner', 'publish', 'tool\\.requested'),
  ...both('gate', 'commit', 'tool\\.plan-requested'),
  ...both('tool-runner', 'request', '^dry run of PATCH'),
  ...both('tool-runner', 'commit', 'tool\\.planned'),
  ...both('tool-runner', 'publish', 'tool\\.planned'),
  ...both('gate', 'commit', 'approval\\.requested'),
  ...both('gate', 'publish', 'approval\\.requested'),
];

/** From the decision to the end of the run: the path of the approved write. The grant annotation travels in the PATCH. */
export const pointsOfTheWrite: readonly Point[] = [
  ...both('gate', 'commit', 'gate\\.passed'),
  ...both('gate', 'publish', 'gate\\.passed'),
  ...both('tool-runner', 'commit', '^claim'),
  ...both('tool-runner', 'request', '^dry run of PATCH'),
  ...both('tool-runner', 'commit', 'tool\\.started'),
  ...both('tool-runner', 'publish', 'tool\\.started'),
  ...both('tool-runner', 'request', '^PATCH'),
  ...both('tool-runner', 'commit', 'tool\\.finished'),
  ...both('tool-runner', 'publish', 'tool\\.finished'),
  ...both('planner', 'commit', 'run\\.verified'),
  ...both('planner', 'commit', 'run\\.completed'),
  ...both('planner', 'publish', 'run\\.completed'),
];
