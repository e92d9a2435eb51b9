import { z } from 'zod';
import { manifestText } from '../domain/helm/release-text.ts';
import * as arg from './args.ts';
import * as helm from './helm/args.ts';
import { readTool } from './tool.ts';

const args = z.strictObject({
  name: arg.release,
  namespace: arg.inNamespace,
  chart: helm.chart,
  version: helm.version,
  values: helm.values.default({}),
});

export const helmTemplate = readTool({
  name: 'helm_template',
  toolset: 'helm',
  title: 'Render a chart',
  description:
    'The objects a chart would make with these values, rendered without a look at the cluster. Nothing is installed. Secrets are masked.',
  args,
  read: async ({ name, namespace, values, ...asked }, { charts, signal }) => {
    const made = await charts.render(helm.toChartRef(asked, charts), { release: name, namespace, values }, signal);
    const { chart: used, manifest } = made;
    const facts = { chart: `${used.name}-${used.version}`, count: manifest.length };
    return { text: `${facts.chart} makes ${manifest.length} objects:\n${manifestText(manifest)}`, facts };
  },
});
