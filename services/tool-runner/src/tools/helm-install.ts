import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { releaseChanges } from '../domain/helm/release-changes.ts';
import { renderedText } from '../domain/helm/release-draft.ts';
import * as arg from './args.ts';
import * as helm from './helm/args.ts';
import { storedOf } from './helm/place.ts';
import { assertSteady, blastRadiusOf, checksOf, countsOf, hookNotices } from './helm/told.ts';
import { releaseTool } from './tool.ts';

const args = z.strictObject({
  name: arg.release,
  namespace: arg.namespace.describe('Namespace to install into; it must exist.'),
  chart: helm.chart,
  version: helm.version,
  values: helm.values.default({}),
  cluster: arg.cluster,
});

export const helmInstall = releaseTool({
  name: 'helm_install',
  toolset: 'helm',
  title: 'Install a chart',
  description:
    'Installs a chart as a new release. A person sees every object it makes and approves it first. For a release that exists use helm_upgrade.',
  args,
  hints: { idempotent: false, destructive: false },
  plan: async (asked, look) => {
    const ref = helm.toChartRef(asked, look.charts);
    const { name, namespace, values } = asked;
    const target = `${namespace}/${name}`;
    if ((await storedOf(asked, look)).length > 0)
      throw Failure.terminal('AlreadySo', `name: there is a release ${target} already.`, { hint: 'Use helm_upgrade.' });
    await look.cluster.get(await look.cluster.discovery.resolve('v1/Namespace'), { name: namespace });
    const made = await look.helm.prepare(ref, { kind: 'install', namespace, name, values }, look.signal);
    assertSteady(made);
    const { first: after, chart, sha256 } = made;
    const changes = releaseChanges({ before: undefined, after }, await look.cluster.discovery.all());
    const rendered = look.keyed(renderedText(after));
    const source = { repository: ref.repository, chart: ref.chart, version: chart.version, sha256 };
    return {
      operation: { kind: 'install', namespace, name, revision: 0, ...source, values, rendered },
      newest: undefined,
      changes,
      effect: `Install ${asked.chart} ${chart.version} as release ${target}: ${countsOf(changes)}.`,
      risk: { level: 'medium', reasons: ['It brings everything its chart holds into the cluster.'] },
      blastRadius: blastRadiusOf(changes, { before: undefined, after }),
      reversible: { possible: true, how: 'Uninstall it; data on its volumes may stay behind.' },
      warnings: hookNotices(after, /^(pre|post)-install$/),
      notKnownYet: ['whether its pods start'],
      checks: checksOf(asked, 1, changes),
    };
  },
});
