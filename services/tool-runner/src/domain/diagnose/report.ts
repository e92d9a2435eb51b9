import type { FoundObject, Json } from '@skyflo/contracts';
import type { Folded } from './fold.ts';
import { someOf } from './trouble.ts';
import { tokensAtMost } from './tokens.ts';

export type Scope = {
  /** Left out: the whole cluster. */
  readonly namespace?: string | undefined;
  /** What was read, for trust: `14 pods, 7 workloads`. */
  readonly read: string;
  /** What could not be read, a sentence each. */
  readonly gaps: readonly string[];
};

/** What one answer may cost the model that reads it, with room for what stands around it. */
const mostTokens = 2_800;
const mostAlso = 6;

/** How much is said of a finding: everything; without its evidence; the sentence; its name in a list. */
type Depth = 3 | 2 | 1 | 0;

/**
 * The findings for a model: the worst first and in full, as far as the room goes; then shorter, from the end. Every finding is
 * at least named. What the cluster says stands behind `says:` and nowhere else but in names and images.
 */
export function reportText(findings: readonly Folded[], scope: Scope): string {
  const place = scope.namespace ?? 'the cluster';
  const tail = [`Read ${scope.read}.`, ...scope.gaps].join(' ');
  if (findings.length === 0) return `${place}: nothing is wrong as far as can be seen. ${tail}`;
  const head = `${place}: ${countWords(findings)}. ${tail}`;
  const note =
    scope.namespace === undefined
      ? []
      : [`Objects and calls below are in namespace ${scope.namespace}; pass it along.`];
  const blocks = findings.map((finding, index) =>
    ([0, 1, 2, 3] as const).map((depth) => block(finding, index + 1, { depth, namespace: scope.namespace })),
  );
  const room = mostTokens - tokensAtMost([head, ...note].join('\n'));
  const depths = fit(
    blocks.map((each) => each.map(tokensAtMost)),
    room,
  );
  const told = depths.flatMap((depth, index) => (depth === 0 ? [] : [blocks[index]?.[depth] ?? '']));
  return [
    head,
    ...note,
    ...told,
    ...named(findings, depths, { ...scope, room: room - tokensAtMost(told.join('\n')) }),
  ].join('\n');
}

/** `7 findings (4 critical, 3 warnings)`. */
function countWords(findings: readonly Folded[]): string {
  const { critical, warning, info } = counts(findings);
  const parts = [
    critical > 0 && `${critical} critical`,
    warning > 0 && `${warning} ${warning === 1 ? 'warning' : 'warnings'}`,
    info > 0 && `${info} ${info === 1 ? 'note' : 'notes'}`,
  ].filter((part) => part !== false);
  return `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} (${parts.join(', ')})`;
}

/** For code: how many of each severity and kind. */
export function reportFacts(findings: readonly Folded[]): { readonly [name: string]: Json } {
  const kinds = Object.fromEntries(
    [...Map.groupBy(findings, ({ kind }) => kind)].map(([kind, alike]) => [kind, alike.length]),
  );
  return { count: findings.length, ...counts(findings), kinds };
}

function counts(findings: readonly Folded[]): { critical: number; warning: number; info: number } {
  const of = (severity: Folded['severity']) => findings.filter((finding) => finding.severity === severity).length;
  return { critical: of('critical'), warning: of('warning'), info: of('info') };
}

type Shape = { readonly depth: Depth; readonly namespace: string | undefined };

function block({ severity, kind, object, why, said, also, next }: Folded, number: number, { depth, namespace }: Shape) {
  if (depth === 0) return `${shortName(object, namespace)}, `;
  const lines = [`${number}. ${severity} ${kind} ${shortName(object, namespace)}: ${why}`];
  const names = also.map((one) => shortName(one, namespace));
  if (depth === 3) lines.push(...said.map((line) => `   says: ${line}`));
  if (names.length > 0) lines.push(`   also: ${someOf(names, depth === 3 ? mostAlso : 3)}`);
  if (depth >= 2 && next) lines.push(`   next: ${callWords(next, namespace)}`);
  return lines.join('\n');
}

/** Takes depth away from the end until it fits; of all the same depth before any loses more. */
function fit(costs: readonly (readonly number[])[], room: number): Depth[] {
  const depths = costs.map((): Depth => 3);
  const cost = (index: number, depth: Depth) => (costs[index]?.[depth] ?? 0) + 1;
  let spent = costs.reduce((sum, _, index) => sum + cost(index, 3), 0);
  for (const depth of [2, 1, 0] as const) {
    for (let index = costs.length - 1; index >= 0 && spent > room; index -= 1) {
      spent += cost(index, depth) - cost(index, depths[index] ?? 3);
      depths[index] = depth;
    }
  }
  return depths;
}

/** Those for which there is no room, by name as far as that goes. */
function named(findings: readonly Folded[], depths: readonly Depth[], scope: Scope & { room: number }): string[] {
  const rest = findings.filter((_, index) => depths[index] === 0);
  if (rest.length === 0) return [];
  const names = new Map<string, string[]>();
  let spent = 40;
  let left = rest.length;
  for (const { kind, object } of rest) {
    const name = shortName(object, scope.namespace);
    spent += tokensAtMost(name) + 1;
    if (spent > scope.room) break;
    names.set(kind, [...(names.get(kind) ?? []), name]);
    left -= 1;
  }
  const groups = [...names].map(([kind, all]) => `${kind} ${all.join(', ')}`);
  if (left > 0) groups.push(`${left} more`);
  return [`Also wrong: ${groups.join('; ')}. Call diagnose with a workload for its details.`];
}

function shortName({ kind, namespace, name }: FoundObject, asked: string | undefined): string {
  return namespace === undefined || namespace === asked ? `${kind}/${name}` : `${kind} ${namespace}/${name}`;
}

function callWords({ tool, args, needs }: NonNullable<Folded['next']>, asked: string | undefined): string {
  const given = Object.entries(args)
    .filter(([name, value]) => name !== 'namespace' || value !== asked)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [tool, ...given, ...(needs === undefined ? [] : [`${needs}=<ask for it>`])].join(' ');
}
