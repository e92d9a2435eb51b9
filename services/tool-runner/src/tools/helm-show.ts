import { z } from 'zod';
import * as helm from './helm/args.ts';
import { readTool } from './tool.ts';

const args = z.strictObject({
  chart: helm.chart,
  version: helm.version,
  what: z.enum(['chart', 'values', 'readme']).default('values'),
});

export const helmShow = readTool({
  name: 'helm_show',
  toolset: 'helm',
  title: 'Show a chart',
  description: "A chart's default values, its description, or its readme, before it is installed.",
  args,
  read: async ({ what, ...asked }, { charts, signal }) => {
    const text = await charts.show(helm.toChartRef(asked, charts), what, signal);
    return { text: text.trim() === '' ? `The chart ${asked.chart} has no ${what}.` : text };
  },
});
