import { maskObject, maskText } from './mask.ts';
import type { ClusterView } from './ports.ts';

/** What read tools look through: secrets are masked before a tool has the object in hand, so that none can forget to. */
export function maskedView(view: ClusterView): ClusterView {
  return {
    discovery: view.discovery,
    schemas: view.schemas,
    version: (...asked) => view.version(...asked),
    get: async (...asked) => maskObject(await view.get(...asked)),
    list: async (...asked) => {
      const list = await view.list(...asked);
      return { ...list, items: list.items.map(maskObject) };
    },
    metadata: async (...asked) => {
      const list = await view.metadata(...asked);
      return { ...list, items: list.items.map(maskObject) };
    },
    table: async (...asked) => {
      const table = await view.table(...asked);
      const rows = table.rows.map((row) => ({
        ...row,
        cells: row.cells.map((cell) => (typeof cell === 'string' ? maskText(cell) : cell)),
      }));
      return { ...table, rows };
    },
    log: async (...asked) => maskText(await view.log(...asked)),
    async *watch(...asked) {
      for await (const told of view.watch(...asked))
        yield 'object' in told ? { ...told, object: maskObject(told.object) } : told;
    },
  };
}
