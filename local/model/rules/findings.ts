import { imageOf, pullError, schedulerReason, selectorOf, tellingLine } from './evidence.ts';
import type { Problem } from './problems.ts';
import { argOf, type Talk } from './talk.ts';
import type { PlannedCall } from './toolbox.ts';
import { plural } from './words.ts';

/** The read that tells why: the log of what crashes, the description of everything else. */
export function lookCloser(talk: Talk, problem: Problem): PlannedCall[] {
  const { namespace, trouble, subject } = problem;
  const pod = problem.pods[0] ?? subject;
  if (trouble === 'no-endpoints') return talk.tools.call('k8s_describe', { kind: 'Service', name: subject, namespace });
  if (trouble === 'crash') return talk.tools.call('k8s_logs', { kind: 'Pod', name: pod, namespace, tail: 50 });
  return talk.tools.call('k8s_describe', { kind: 'Pod', name: pod, namespace });
}

/** One problem in Markdown: what it is, the evidence that was read, what would help. */
export function tellProblem(talk: Talk, problem: Problem): string {
  const about = problem.pods[0] ?? problem.subject;
  const read = (tool: string): string =>
    talk.rounds
      .flat()
      .find(
        (result) =>
          result.tool === tool && result.status === 'finished' && argOf(result, 'name', 'pod', 'target') === about,
      )?.text ?? '';
  const description = read('k8s_describe');
  const events = talk.rounds.flat().find((result) => result.tool === 'k8s_events')?.text ?? '';
  const own = events
    .split('\n')
    .filter((line) => line.includes(about))
    .join('\n');
  const head = (what: string): string => `### \`${problem.subject}\`: ${what}`;
  const pods = `${plural(problem.pods.length, 'pod')} in state \`${problem.state}\`.`;
  switch (problem.trouble) {
    case 'image': {
      const image = imageOf(description);
      const said = pullError(description) ?? pullError(own);
      return lines(
        head('the image cannot be pulled'),
        `${pods} ${image ? `The image is \`${image}\`.` : ''}`.trim(),
        said && `> ${said}`,
        'What would help: an image tag that exists, or credentials for the registry.',
      );
    }
    case 'crash': {
      const line = tellingLine(read('k8s_logs'));
      return lines(
        head('it starts and crashes, again and again'),
        pods,
        line ? `Its log says:\n\n> ${line}` : 'Its log is empty.',
        'What would help: mending what the log names, then it recovers by itself.',
      );
    }
    case 'pending': {
      const reason = schedulerReason(description) ?? schedulerReason(own);
      return lines(
        head('no node takes its pod'),
        pods,
        reason && `The scheduler says:\n\n> ${reason}`,
        'What would help: a node that fits, or a pod that asks for less.',
      );
    }
    case 'no-endpoints': {
      const selector = selectorOf(description);
      return lines(
        head('the Service has no endpoints'),
        selector
          ? `It selects \`${selector}\`, and no ready pod has that label.`
          : 'No ready pod matches its selector.',
        'What would help: a selector that equals the labels of the pods.',
      );
    }
    case 'not-ready':
      return lines(head('not ready'), pods, own && `> ${own.split('\n').at(-1)?.trim()}`);
  }
}

function lines(...parts: readonly (string | undefined | false)[]): string {
  return parts.filter((part) => part).join('\n\n');
}
