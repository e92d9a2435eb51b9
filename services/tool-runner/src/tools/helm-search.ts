import { z } from 'zod';
import { textTable } from '../domain/text-table.ts';
import { readTool } from './tool.ts';

const args = z.strictObject({
  keyword: z
    .string()
    .min(1)
    .max(60)
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]*$/, 'It is no word to look for (letters, digits, "-", "_" and ".").')
    .optional()
    .describe('In names, keywords and descriptions; all charts without it.'),
  all_versions: z.boolean().default(false),
  limit: z.number().int().min(1).max(200).default(30),
});

export const helmSearch = readTool({
  name: 'helm_search',
  toolset: 'helm',
  title: 'Search charts',
  description: 'Finds charts in the configured repositories, with versions.',
  args,
  read: async ({ keyword, all_versions: allVersions, limit }, { charts, signal }) => {
    const found = await charts.search({ keyword, allVersions, signal });
    const facts = { count: found.length };
    if (charts.repositories().length === 0) return { text: 'No chart repository is configured.', facts };
    if (found.length === 0) return { text: `No chart fits ${JSON.stringify(keyword ?? '')}.`, facts };
    const rows = found
      .slice(0, limit)
      .map((chart) => [chart.name, chart.version, chart.appVersion, chart.description.slice(0, 120)]);
    const left = found.length - rows.length;
    const rest = left > 0 ? `\n… there are ${left} more; search for a keyword.` : '';
    return { text: textTable(['name', 'version', 'app version', 'description'], rows) + rest, facts };
  },
});
