import { type Rule, resultsOf, type Talk } from './talk.ts';
import { summariseWrite } from './written.ts';

const fenced = /```(?:[a-z]*\n)?([\s\S]+?)```/;
const isManifest = /(^|[\s"'{])"?apiVersion"?\s*:/;
const wanted = /\b(?:apply|create|make)\b/;
const onlyShown = /\b(?:what would (?:change|happen)|diff|preview|dry[- ]run|would .* change)\b/;
const byForce = /\b(?:with force|by force|force it|take (?:them|it|the fields?|these fields?) over|overwrite)\b/;

/** “apply this manifest: …”, “what would change if I applied …”, “apply it with force”. */
export const apply: Rule = (talk) => {
  const here = manifestIn(talk.text);
  const request = (here === undefined ? talk.text : talk.text.replace(here, '')).toLowerCase();
  const manifest = here ?? (/\b(?:it|that|this|them|again)\b/.test(request) ? lastManifest(talk) : undefined);
  if (manifest === undefined) return undefined;
  if (onlyShown.test(request)) return show(talk, manifest);
  const force = byForce.test(request);
  if (!wanted.test(request) && !(force && here === undefined)) return undefined;
  const written = resultsOf(talk, 'k8s_apply').at(-1);
  if (written) return summariseWrite(written, 'The manifest is applied');
  if (!talk.tools.has('k8s_apply')) return undefined;
  const taking = force ? ' Fields that others manage are taken over, as you asked.' : '';
  return {
    thinking: `The person wants a manifest applied.${taking} The plan shows the difference per object, and a person has to approve it.`,
    text: `I will apply the manifest.${taking} Please look at what it would change first.`,
    calls: talk.tools.call('k8s_apply', { manifest, ...defaultNamespace(talk, manifest), ...(force ? { force } : {}) }),
  };
};

function show(talk: Talk, manifest: string): ReturnType<Rule> {
  const shown = resultsOf(talk, 'k8s_diff').at(-1);
  if (shown) return { text: `${shown.text.trim()}\n\nNothing was changed. Say “apply it” to have it proposed.` };
  if (!talk.tools.has('k8s_diff')) return undefined;
  return {
    thinking:
      'The person wants to know what a manifest would change. A dry run on the server tells, and changes nothing.',
    text: 'I will try it out without changing anything.',
    calls: talk.tools.call('k8s_diff', { manifest, ...defaultNamespace(talk, manifest) }),
  };
}

/** As it was written: indentation is meaning. */
function manifestIn(text: string): string | undefined {
  const block = fenced.exec(text)?.[1];
  if (block !== undefined) return isManifest.test(block) ? block : undefined;
  const start = text.search(/(?:^|\n)(?:---\n|apiVersion:)|\{\s*"apiVersion"/);
  const bare = start < 0 ? undefined : text.slice(start).replace(/^\n/, '');
  return bare !== undefined && isManifest.test(bare) ? bare : undefined;
}

function lastManifest({ earlier }: Talk): string | undefined {
  return earlier.map(manifestIn).findLast((found) => found !== undefined);
}

/** Only where it names none: another one would contradict it. */
function defaultNamespace({ namespace }: Talk, manifest: string): { readonly namespace?: string } {
  return /^\s*"?namespace"?\s*:/m.test(manifest) || /"namespace"/.test(manifest) ? {} : { namespace };
}
