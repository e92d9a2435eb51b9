import { Failure } from '@skyflo/contracts';
import { apiPath } from './api-path.ts';
import { assertNamespace } from './names.ts';

export type ExecTarget = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Program and arguments, each as it is: no shell reads them. */
  readonly command: readonly string[];
};

/** Path and query of an exec without input. `apiPath` refuses the sub-resource; only this file appends it. */
export function execPath({ namespace, pod, container, command }: ExecTarget): string {
  if (command.length === 0) throw Failure.terminal('InvalidArguments', 'command: there is no program to run.');
  const path = apiPath({ group: '', version: 'v1', resource: 'pods', namespace, name: pod });
  const query = new URLSearchParams({
    container: assertNamespace(container, 'container'),
    stdout: 'true',
    stderr: 'true',
  });
  for (const word of command) query.append('command', word);
  return `${path}/exec?${query.toString()}`;
}
