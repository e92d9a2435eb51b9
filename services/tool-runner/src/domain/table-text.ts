import type { KubeTable } from '@skyflo/kube';
import { ageOf } from './age.ts';
import { textTable } from './text-table.ts';

type Listed = { readonly withNamespace: boolean; readonly wide?: boolean };

/**
 * A list as kubectl prints it: the default columns or all of them, the namespace first where several are listed, and how
 * to go on.
 */
export function tableText(table: KubeTable, now: Date, list: Listed): string {
  const columns = table.columns
    .map((column, n) => ({ ...column, n }))
    .filter(({ priority }) => priority === 0 || list.wide === true);
  const header = [...(list.withNamespace ? ['namespace'] : []), ...columns.map(({ name }) => name)];
  const rows = table.rows.map(({ cells, metadata }) => [
    ...(list.withNamespace ? [metadata?.namespace ?? ''] : []),
    ...columns.map(({ type, n }) => toCell(cells[n], type, now)),
  ]);
  return textTable(header, rows) + more(table);
}

/** The handle is long and opaque, so it is on a line of its own for copying. */
function more({ rows, remaining, continue: handle }: KubeTable): string {
  if (handle === undefined) return '';
  const left = remaining === undefined ? 'more' : `${remaining} more`;
  return `\n… the first ${rows.length} are shown, there are ${left}; call again with continue: ${handle}`;
}

function toCell(cell: unknown, type: string, now: Date): string {
  if (cell === null || cell === undefined) return '';
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  return type === 'date' ? ageOf(text, now) : text;
}
