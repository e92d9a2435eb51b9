import { type Finding, nextOf } from './report.ts';

const numbers = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

/** The findings in Markdown: how many, then each with its reason, what the cluster says, and what to say next. */
export function tellFindings(findings: readonly Finding[], where: string): string {
  const wrong = findings.filter(({ severity }) => severity !== 'info');
  const count = numbers[wrong.length] ?? String(wrong.length);
  const head = `**${count} ${wrong.length === 1 ? 'thing is' : 'things are'} wrong in ${where}.** Everything else there looks healthy.`;
  return [head, ...findings.map(tellFinding)].join('\n\n');
}

export function tellFinding(finding: Finding): string {
  const { object, why, said, also } = finding;
  const parts = [
    `### ${object.kind} \`${object.name}\`: ${titles[finding.kind] ?? finding.kind}`,
    why,
    said.map((line) => `> ${line}`).join('\n>\n'),
    also === '' ? '' : `The same trouble: ${also}.`,
    nextWords(finding),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const titles: Readonly<Record<string, string>> = {
  ImagePull: 'the image cannot be pulled',
  CrashLoop: 'it crashes again and again',
  OutOfMemory: 'it is killed for memory',
  Unschedulable: 'no node takes its pods',
  ProbeFailing: 'a probe fails',
  NotReady: 'not ready',
  ContainerConfig: 'something it needs is missing',
  CreationRefused: 'its pods are refused',
  ClaimPending: 'no volume',
  ClaimMissing: 'the claim does not exist',
  RolloutStuck: 'the rollout is stuck',
  ServiceWithoutEndpoints: 'no endpoints',
  ServicePortMismatch: 'the port leads nowhere',
  IngressWithoutBackend: 'it leads nowhere',
  AutoscalerBlocked: 'it cannot scale',
};

/** What a person can say to go on, in words these rules understand. */
function nextWords(finding: Finding): string {
  const { tool, args } = nextOf(finding);
  const { name } = finding.object;
  const about = args['name'] ?? name;
  switch (tool) {
    case 'k8s_set_image':
      return `To repair it, say “fix ${name}”, or “set the image of ${name} to …”. A person approves the change.`;
    case 'k8s_logs':
      return `To see more, say “logs of ${about}”. Once what the log names is mended, it recovers by itself.`;
    case 'k8s_get':
      return args['kind'] === 'Node' ? 'To see more, say “show nodes”.' : '';
    case 'k8s_describe':
      return `To see more, say “describe ${(args['kind'] ?? '').toLowerCase()} ${about}”.`;
    default:
      return '';
  }
}
