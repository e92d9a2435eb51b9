import { type Rule, resultsOf } from './talk.ts';
import { kindWord, nameWord, toKind } from './words.ts';
import { summariseWrite } from './written.ts';

/** Registry, path, tag or digest; a full stop at the end belongs to the sentence. */
const imageWord = '[a-z0-9][\\w./:@-]*\\w';
const container = `(?:(?:container )(?<container>${nameWord}) (?:of|in) )?`;
const workload = `(?:the )?(?:(?<kind>${kindWord})[ /])?(?<name>${nameWord})`;

const patterns = [
  new RegExp(
    `\\b(?:set|change|update)\\s+(?:the )?image (?:of|for|on|in) ${container}${workload}\\b.*?\\bto\\s+['"\`]?(?<image>${imageWord})`,
  ),
  new RegExp(
    `\\b(?:deploy|roll out|use)\\s+(?:the )?(?:image )?['"\`]?(?<image>${imageWord}[:@]${imageWord})['"\`]?\\s+(?:to|for|on|in) ${workload}`,
  ),
];

/** “set the image of checkout to registry.example/checkout:2.0”, “deploy checkout:2.0 to checkout”. */
export const setImage: Rule = (talk) => {
  const asked = patterns.map((pattern) => pattern.exec(talk.text.toLowerCase())?.groups).find((groups) => groups);
  if (!asked?.['name'] || !asked['image'] || !talk.tools.has('k8s_set_image')) return undefined;
  const { name } = asked;
  const image = asSaid(talk.text, asked['image']);
  const kind = toKind(asked['kind']) ?? 'Deployment';
  const written = resultsOf(talk, 'k8s_set_image').at(-1);
  if (written)
    return summariseWrite(written, `${kind} \`${name}\` in \`${talk.namespace}\` has the image \`${image}\``);
  const wish = { kind, name, namespace: talk.namespace, image };
  const which = asked['container'] === undefined ? {} : { container: asked['container'] };
  return {
    thinking: `The person wants ${kind} ${name} in namespace ${talk.namespace} to run ${image}. That replaces pods, so a person has to approve it.`,
    text: `I will set the image of ${kind} \`${name}\` in \`${talk.namespace}\` to \`${image}\`. Please look at the change before it is made.`,
    calls: talk.tools.call('k8s_set_image', { ...wish, ...which }),
  };
};

/** Rules read lower case, but tags may have capitals. */
function asSaid(text: string, lower: string): string {
  const at = text.toLowerCase().indexOf(lower);
  return at < 0 ? lower : text.slice(at, at + lower.length);
}
