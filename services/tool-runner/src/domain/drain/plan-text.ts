import { textTable } from '../text-table.ts';
import { type BudgetView, budgetLine } from './budgets.ts';
import type { Sorted, Told } from './sort-pods.ts';

/** How many pods of one sort are named; a node holds a hundred. */
const named = 60;

/** What a drain would do, for people and models: who leaves, who stays, what is in the way and what holds it up. */
export function drainText(
  target: string,
  { leaving, staying, inTheWay, held, ambiguous }: Sorted & BudgetView,
  cordoned: boolean,
): string {
  const head = cordoned ? `${target} is cordoned already.` : `${target} would be cordoned first: no new pods on it.`;
  const rows = leaving.map(({ pod, maker }) => [
    pod.metadata.namespace,
    pod.metadata.name,
    maker === undefined ? 'not made anew' : `made anew by ${maker}`,
  ]);
  return [
    head,
    leaving.length === 0
      ? 'No pod would be evicted.'
      : `Would be evicted (${leaving.length}):\n${textTable(['namespace', 'pod', 'then'], rows.slice(0, named))}${more(rows.length)}`,
    section('In the way, so a drain is refused', inTheWay),
    section('Stay', staying),
    lines(
      'Budgets',
      [
        ...held.map(budgetLine),
        ...ambiguous.map((path) => `${path} is chosen by several budgets: the cluster never evicts it`),
      ].map((line) => `${line}.`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, told: readonly Told[]): string {
  const shown = told.slice(0, named).map(({ path, why }) => `${path}: ${why}`);
  return lines(`${title} (${told.length})`, told.length > named ? [...shown, more(told.length).trim()] : shown);
}

function lines(title: string, of: readonly string[]): string {
  return of.length === 0 ? '' : `${title}:\n${of.map((line) => `  ${line}`).join('\n')}`;
}

function more(count: number): string {
  return count > named ? `\n… and ${count - named} more` : '';
}
