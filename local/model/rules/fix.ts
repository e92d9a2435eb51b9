import type { Answer } from '../protocol.ts';
import { type Finding, nextOf, readReport } from './report.ts';
import { type Rule, resultsOf, type Talk } from './talk.ts';
import { tellFinding } from './tell-findings.ts';
import { defaultNamespace, inNamespace, nameWord, namespaceOf } from './words.ts';
import { summariseWrite } from './written.ts';

const pattern = new RegExp(
  `^(?:please |now |then |can you |could you )*(?:fix|repair|mend|heal|cure)\\s+(?:the )?(?:deployment |workload )?(?<name>${nameWord})`,
);
const everything = new Set(['it', 'this', 'that', 'them', 'everything', 'all', 'problem', 'problems', 'image', 'shop']);

/** “fix it”, “fix payments”: looks again, and proposes the change where a tool makes it. A person approves or refuses. */
export const fix: Rule = (talk) => {
  const asked = pattern.exec(talk.text.toLowerCase())?.groups?.['name'];
  if (asked === undefined || !talk.tools.has('diagnose') || !talk.tools.has('k8s_set_image')) return undefined;
  const namespace = namespaceMeant(talk);
  const workload = everything.has(asked) || asked === namespace ? undefined : asked;
  const written = resultsOf(talk, 'k8s_set_image').at(-1);
  if (written) return summariseWrite(written, `\`${String(written.args['name'])}\` has another image`);
  const report = resultsOf(talk, 'diagnose').at(-1);
  if (!report)
    return {
      thinking: 'Before anything is changed I look at how things are now.',
      text: `I look at ${workload === undefined ? inNamespace(namespace) : `\`${workload}\``} once more.`,
      calls: talk.tools.call('diagnose', { namespace, ...(workload === undefined ? {} : { workload }) }),
    };
  return propose(talk, readReport(report.text, namespace));
};

/** Named now, or in the message before, which “it” is about. */
function namespaceMeant({ namespace, earlier }: Talk): string {
  return namespace === defaultNamespace ? namespaceOf(earlier.at(-1) ?? '') : namespace;
}

function propose(talk: Talk, findings: readonly Finding[]): Answer {
  if (findings.length === 0) return { text: 'Nothing is wrong there any more, so there is nothing to repair.' };
  const repair = findings.map(toRepair).find((found) => found !== undefined);
  if (!repair)
    return {
      text: ['I know no repair for this that one of my tools can make.', ...findings.map(tellFinding)].join('\n\n'),
    };
  const { kind, name, namespace } = repair.object;
  return {
    thinking: `${kind} ${name} cannot pull its image. ${repair.because} That replaces pods, so a person has to approve it.`,
    text: `I will set the image of ${kind} \`${name}\` in \`${namespace}\` to \`${repair.image}\`. ${repair.because} Please look at the change before it is made.`,
    calls: talk.tools.call('k8s_set_image', {
      kind,
      name,
      namespace,
      image: repair.image,
      container: repair.container,
    }),
  };
}

type Repair = Pick<Finding, 'object'> & {
  readonly container: string;
  readonly image: string;
  readonly because: string;
};

/** The image of an earlier revision; else the release that a tag with a suffix is named after, which is said to be a guess. */
function toRepair(finding: Finding): Repair | undefined {
  const { tool, args } = nextOf(finding);
  if (tool !== 'k8s_set_image') return undefined;
  const about = { object: finding.object, container: args['container'] ?? '' };
  if (args['image'] !== undefined) return { ...about, image: args['image'], because: 'An earlier revision ran it.' };
  const release = /The image (?<image>\S+:v?\d+(?:\.\d+)+)-\S+ cannot be pulled/.exec(finding.why)?.groups?.['image'];
  if (release === undefined) return undefined;
  const because = 'I cannot look into the registry: it is the release that the present tag is named after.';
  return { ...about, image: release, because };
}
