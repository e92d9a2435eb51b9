import { assertNever, Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { computedValues } from '../domain/helm/computed-values.ts';
import type { Release, StoredRevision } from '../domain/helm/release.ts';
import { historyText, manifestText, revisionName, statusText, valuesText } from '../domain/helm/release-text.ts';
import * as arg from './args.ts';
import { type Answer, type Look, readTool } from './tool.ts';

/** Helm itself keeps ten. */
const historyAtMost = 20;

const args = z.strictObject({
  name: arg.release,
  namespace: arg.inNamespace,
  what: z
    .enum(['status', 'values', 'all_values', 'manifest', 'notes', 'history'])
    .default('status')
    .describe("values: those given; all_values: with the chart's defaults."),
  revision: z.number().int().min(1).max(999_999_999).optional().describe('The newest if left out.'),
  kind: arg.kind.optional().describe('Of the manifest only objects of this kind, such as Deployment.'),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

export const helmGet = readTool({
  name: 'helm_get',
  title: 'Read a Helm release',
  toolset: 'helm',
  description:
    'What Helm stored of one release: status with its objects, values, manifest, notes, or history. Secrets are masked. It is what was installed, not what the cluster has now.',
  args,
  read: async (asked, look): Promise<Answer> => {
    const kind = asked.kind === undefined ? undefined : (await look.cluster.discovery.resolve(asked.kind)).kind;
    const revisions = await storedOf(asked, look);
    const { what } = asked;
    if (what === 'history') return history(revisions, look);
    const chosen = choose(asked, revisions);
    const release = await look.releases.get(chosen, look.signal);
    return { text: textOf({ what, kind }, release, look.now()), facts: factsOf(release) };
  },
});

async function storedOf({ name, namespace }: Args, { releases, signal }: Look): Promise<readonly StoredRevision[]> {
  const { revisions } = await releases.revisions({ name, namespace, signal });
  const own = revisions.filter((one) => one.name === name);
  if (own.length > 0) return own;
  throw Failure.terminal('NotFound', `name: there is no Helm release ${name} in namespace ${namespace}.`, {
    hint: 'helm_list shows all releases and their namespaces.',
  });
}

function choose({ revision }: Args, revisions: readonly StoredRevision[]): StoredRevision {
  const chosen = revision === undefined ? revisions[0] : revisions.find((one) => one.revision === revision);
  if (chosen) return chosen;
  const kept = revisions.map((one) => one.revision).join(', ');
  throw Failure.terminal('NotFound', `revision: ${String(revision)} is not stored any more; there is ${kept}.`);
}

async function history(revisions: readonly StoredRevision[], { releases, now, signal }: Look): Promise<Answer> {
  const heads = await releases.heads(revisions.slice(0, historyAtMost), signal);
  const older = revisions.length - heads.length;
  const rest = older > 0 ? `\n… and ${older} older ones.` : '';
  return { text: historyText(heads, now()) + rest, facts: { count: revisions.length } };
}

type Wanted = { readonly what: Exclude<Args['what'], 'history'>; readonly kind: string | undefined };

function textOf({ what, kind }: Wanted, release: Release, now: Date): string {
  const { values, chartValues, notes } = release;
  const which = revisionName(release);
  switch (what) {
    case 'values':
      return Object.keys(values).length === 0
        ? `No values were given for ${which}: the chart's own hold.`
        : `Values given for ${which}:\n${valuesText(values)}`;
    case 'all_values':
      return `All values of ${which}:\n${valuesText(computedValues(chartValues, values))}`;
    case 'notes':
      return notes.trim() === '' ? `The chart has no notes for ${which}.` : notes;
    case 'manifest':
      return manifestOf(release, kind);
    case 'status':
      return statusText(release, now);
    default:
      return assertNever(what);
  }
}

function manifestOf(release: Release, kind: string | undefined): string {
  const parts = release.manifest.filter(({ object }) => kind === undefined || object?.kind === kind);
  if (parts.length > 0) return manifestText(parts);
  const kinds = [...new Set(release.manifest.flatMap(({ object }) => (object ? [object.kind] : [])))].join(', ');
  if (kind === undefined || kinds === '') return `The manifest of ${revisionName(release)} is empty.`;
  throw Failure.terminal('NotFound', `kind: there is no ${kind} in ${revisionName(release)}; it has ${kinds}.`);
}

function factsOf({ revision, status, chart }: Release) {
  const appVersion = chart.appVersion === undefined ? {} : { appVersion: chart.appVersion };
  return { revision, status, chart: `${chart.name}-${chart.version}`, ...appVersion };
}
