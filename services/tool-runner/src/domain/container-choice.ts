import { Failure } from '@skyflo/contracts';
import type { Pod } from './pods.ts';

const defaultContainer = 'kubectl.kubernetes.io/default-container';

/** The container whose log is meant, as kubectl has it: the one named, else the annotated default, else the first. */
export function chooseContainer({ metadata, spec }: Pod, wanted?: string): string {
  const names = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
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
