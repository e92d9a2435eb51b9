import { z } from 'zod';
import { textTable } from '../domain/text-table.ts';
import { readTool } from './tool.ts';

export const helmRepoList = readTool({
  name: 'helm_repo_list',
  toolset: 'helm',
  title: 'List chart repositories',
  description: 'The chart repositories that charts may come from.',
  args: z.strictObject({}),
  read: async (_asked, { charts }) => {
    const repositories = charts.repositories();
    const facts = { count: repositories.length };
    if (repositories.length === 0) return { text: 'No chart repository is configured.', facts };
    const rows = repositories.map(({ name, url }) => [name, url]);
    return { text: textTable(['name', 'url'], rows), facts };
  },
});
