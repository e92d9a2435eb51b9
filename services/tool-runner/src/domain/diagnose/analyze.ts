import { blockedAutoscalers } from './autoscalers.ts';
import { pendingClaims } from './claims.ts';
import { crashLoops, failedPods, outOfMemory } from './crashes.ts';
import { foldTroubles, type Folded } from './fold.ts';
import { imagePulls } from './image-pulls.ts';
import { ingressesWithoutBackend } from './ingresses.ts';
import { troubledNodes } from './nodes.ts';
import { failingProbes, unreadyPods } from './probes.ts';
import { fullQuotas, refusedCreations } from './refusals.ts';
import { failedJobs, stuckRollouts } from './rollouts.ts';
import { unschedulable } from './scheduling.ts';
import { servicesWithoutEndpoints } from './services.ts';
import type { Snapshot } from './snapshot.ts';
import { blockedStarts, containerConfigs } from './starts.ts';
import type { Trouble } from './trouble.ts';

/** Each says what it finds and knows nothing of the others; what belongs together is folded afterwards. */
const analyzers: readonly ((snapshot: Snapshot) => Trouble[])[] = [
  troubledNodes,
  pendingClaims,
  refusedCreations,
  imagePulls,
  containerConfigs,
  outOfMemory,
  crashLoops,
  blockedStarts,
  unschedulable,
  failingProbes,
  unreadyPods,
  failedPods,
  failedJobs,
  stuckRollouts,
  servicesWithoutEndpoints,
  ingressesWithoutBackend,
  blockedAutoscalers,
  fullQuotas,
];

/** What is wrong, the worst first; with keys of objects only what is about one of these. Deterministic: same snapshot in, same findings out. */
export function analyze(snapshot: Snapshot, about?: ReadonlySet<string>): Folded[] {
  return foldTroubles(
    analyzers.flatMap((analyzer) => analyzer(snapshot)),
    about,
  );
}
