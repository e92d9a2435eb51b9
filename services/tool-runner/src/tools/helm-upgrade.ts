import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { computedValues } from '../domain/helm/computed-values.ts';
import { releaseChanges } from '../domain/helm/release-changes.ts';
import { renderedText } from '../domain/helm/release-draft.ts';
import * as arg from './args.ts';
import * as helm from './helm/args.ts';
import { assertSettled, deployedOf, foundRelease } from './helm/place.ts';
import { assertSteady, blastRadiusOf, checksOf, countsOf, hookNotices } from './helm/told.ts';
import { releaseTool } from './tool.ts';

const args = z.strictObject({
  name: arg.release,
  namespace: arg.inNamespace,
  chart: helm.chart,
  version: helm.version,
  values: helm.values.default({}),
  keep_values: z
    .boolean()
    .default(true)
    .describe('Over the values of the release as it is; false: over those of the chart alone.'),
  cluster: arg.cluster,
});

export const helmUpgrade = releaseTool({
  name: 'helm_upgrade',
  toolset: 'helm',
  title: 'Upgrade a release',
  description:
    'Brings a release to another version of its chart, or to other values. A person sees the difference of every object and approves it first.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    const ref = helm.toChartRef(asked, look.charts);
    const { name, namespace } = asked;
    const found = await foundRelease(asked, look);
    assertSettled(found);
    const before = await deployedOf(found, look);
    const values = asked.keep_values ? computedValues(before?.values ?? {}, asked.values) : asked.values;
    const made = await look.helm.prepare(ref, { kind: 'upgrade', namespace, name, values }, look.signal);
    assertSteady(made);
    const { first: after, chart, sha256 } = made;
    if (before && before.chart.name !== chart.name)
      throw Failure.terminal('OtherChart', `chart: ${name} is made of ${before.chart.name}, not of ${chart.name}.`);
    const changes = releaseChanges({ before, after }, await look.cluster.discovery.all());
    const same = before && before.chart.version === chart.version && sameValues(before.values, values);
    if (same && changes.length === 0)
      throw Failure.terminal('AlreadySo', `Release ${namespace}/${name} is so already: nothing would change.`);
    const { revision } = found.newest;
    const rendered = look.keyed(renderedText(after));
    const source = { repository: ref.repository, chart: ref.chart, version: chart.version, sha256 };
    const from = before?.chart.version ?? 'nothing';
    const blastRadius = blastRadiusOf(changes, { before, after });
    return {
      operation: { kind: 'upgrade', namespace, name, revision, ...source, values, rendered },
      newest: found.newest,
      changes,
      effect: `Upgrade release ${namespace}/${name} from ${chart.name} ${from} to ${chart.version}: ${countsOf(changes)}.`,
      risk: riskOf(blastRadius.podsReplaced + blastRadius.podsRemoved),
      blastRadius,
      reversible: { possible: true, how: `helm_rollback to revision ${revision}; what hooks did is not undone.` },
      warnings: hookNotices(after, /^(pre|post)-upgrade$/),
      notKnownYet: ['whether its pods start', 'what was changed in the cluster since, by others than Helm'],
      checks: checksOf(asked, revision + 1, changes),
    };
  },
});

function riskOf(pods: number) {
  return pods > 0
    ? { level: 'medium' as const, reasons: [`${pods} pods are replaced or removed.`] }
    : { level: 'low' as const, reasons: ['No pod is replaced.'] };
}

function sameValues(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
