import { stringify } from 'yaml';
import { ageOf } from '../age.ts';
import { nameOf } from '../draft.ts';
import { textTable } from '../text-table.ts';
import { toDiffYaml } from '../yaml-text.ts';
import type { ManifestPart, Release, RevisionHead, RevisionRef, StoredRevision } from './release.ts';

/** `shop/web` revision 3, as every sentence calls it. */
export function revisionName({ namespace, name, revision }: RevisionRef): string {
  return `release ${namespace}/${name}, revision ${revision}`;
}

/** The newest revision of each release. */
export function newestOf(revisions: readonly StoredRevision[]): StoredRevision[] {
  const isFirst = ({ namespace, name }: StoredRevision, n: number) => {
    const before = revisions[n - 1];
    return before?.namespace !== namespace || before.name !== name;
  };
  return revisions.filter(isFirst);
}

export function releasesTable(heads: readonly RevisionHead[], now: Date): string {
  const rows = heads.map((head) => [
    head.name,
    head.namespace,
    String(head.revision),
    head.status,
    ageOf(head.lastDeployed, now),
    ...chartCells(head),
  ]);
  return textTable(['name', 'namespace', 'revision', 'status', 'updated', 'chart', 'app version'], rows);
}

export function historyText(heads: readonly RevisionHead[], now: Date): string {
  const rows = heads.map((head) => [
    String(head.revision),
    head.status,
    ageOf(head.lastDeployed, now),
    ...chartCells(head),
    firstLine(head.description ?? ''),
  ]);
  return textTable(['revision', 'status', 'updated', 'chart', 'app version', 'description'], rows);
}

export function statusText(release: Release, now: Date): string {
  const { chart, manifest } = release;
  const app = chart.appVersion === undefined ? '' : ` (app ${chart.appVersion})`;
  const objects = manifest.filter(({ hook }) => hook === undefined);
  const hooks = manifest.filter(({ hook }) => hook !== undefined);
  return [
    `Release ${release.namespace}/${release.name}: revision ${release.revision}, ${release.status}`,
    ...pendingLines(release, now),
    `Chart: ${chart.name}-${chart.version}${app}`,
    `Updated: ${agoOf(release.lastDeployed, now)}; first installed: ${agoOf(release.firstDeployed, now)}`,
    ...(release.description ? [`Description: ${release.description}`] : []),
    `Objects (${objects.length}): ${objects.map(partName).join(', ') || 'none'}`,
    ...(hooks.length === 0 ? [] : [`Hooks (${hooks.length}): ${hooks.map(hookName).join(', ')}`]),
  ].join('\n');
}

/** Objects as the chart rendered them; hooks after them, each with the moment at which Helm makes it. */
export function manifestText(parts: readonly ManifestPart[]): string {
  return parts
    .map(({ source, hook, object }) => {
      const when = hook === undefined ? '' : ` (hook: ${hook.join(', ')})`;
      const head = source === undefined && when === '' ? '' : `# ${source ?? 'no source'}${when}\n`;
      return `---\n${head}${object ? toDiffYaml(object) : '# Not shown: this part is no object.\n'}`;
    })
    .join('');
}

export function valuesText(values: object): string {
  return stringify(values, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Helm refuses to do anything while a release is pending, which it stays when the process that was at it died. */
function pendingLines({ status, lastDeployed, revision }: Release, now: Date): string[] {
  if (!status.startsWith('pending-')) return [];
  const back = revision > 1 ? 'a rollback to an earlier revision' : 'an uninstall';
  return [
    `It is pending for ${ageOf(lastDeployed, now) || 'an unknown time'}: either somebody is at it, or whoever was has died.`,
    `Helm refuses another upgrade until it ends; ${back} gets it out.`,
  ];
}

function chartCells({ chart }: RevisionHead): [string, string] {
  return chart ? [`${chart.name}-${chart.version}`, chart.appVersion ?? ''] : ['(unreadable)', ''];
}

function agoOf(time: string | undefined, now: Date): string {
  const age = ageOf(time, now);
  return age === '' ? 'unknown' : `${age} ago`;
}

function partName({ object, source }: ManifestPart): string {
  return object ? nameOf(object.kind, object.metadata) : `(no object: ${source ?? 'no source'})`;
}

function hookName(part: ManifestPart): string {
  return `${partName(part)} at ${(part.hook ?? []).join(', ')}`;
}

function firstLine(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
}
