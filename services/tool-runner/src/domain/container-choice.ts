import { Failure } from '@skyflo/contracts';
import type { Pod } from './pods.ts';

const defaultContainer = 'kubectl.kubernetes.io/default-container';

/** The container whose log is meant, as kubectl has it: the one named, else the annotated default, else the first. */
export function chooseContainer({ metadata, spec }: Pod, wanted?: string): string {
  const names = containersOf({ spec });
  if (wanted === undefined) {
    const annotated = metadata.annotations?.[defaultContainer];
    return (annotated !== undefined && names.includes(annotated) ? annotated : names[0]) ?? '';
  }
  if (names.includes(wanted)) return wanted;
  throw Failure.terminal(
    'InvalidArguments',
    `container: pod ${metadata.name} has no container "${wanted}"; it has ${names.join(', ')}.`,
  );
}

/** All that can have a log, the main ones first: what debuggers were put there too. */
export function containersOf({ spec }: Pick<Pod, 'spec'>): string[] {
  return [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  );
}
