import { Failure, maxFindings } from '@skyflo/contracts';
import { z } from 'zod';
import { analyze } from '../domain/diagnose/analyze.ts';
import { type Folded, toFinding } from '../domain/diagnose/fold.ts';
import { relatedTo } from '../domain/diagnose/related.ts';
import { reportFacts, reportText } from '../domain/diagnose/report.ts';
import type { Snapshot } from '../domain/diagnose/snapshot.ts';
import * as arg from './args.ts';
import { withLastWords } from './diagnose/read-last-words.ts';
import { readSnapshot } from './diagnose/read-snapshot.ts';
import { readTool } from './tool.ts';

const args = z.strictObject({
  namespace: arg.namespace.optional().describe('Namespace; leave out for the whole cluster.'),
  workload: arg.name.optional().describe('Only what is around the objects of this name: its pods, Services, volumes.'),
  cluster: arg.cluster,
});

export const diagnose = readTool({
  name: 'diagnose',
  title: 'Diagnose',
  toolset: 'diagnose',
  description:
    'Finds what is wrong in a namespace in one call: pods that do not run and why, with last log lines, Services, Ingresses, volumes, quotas, autoscalers, rollouts. Each finding says why and names the next call. Begin with it.',
  args,
  read: async ({ namespace, workload, cluster }, look) => {
    const { snapshot, read, gaps } = await readSnapshot(namespace, look);
    const about = workload === undefined ? undefined : around(snapshot, workload, namespace);
    const analyzed = analyze(snapshot, about).map((finding) => onCluster(finding, cluster));
    const findings = await withLastWords(analyzed, look);
    return {
      text: reportText(findings, { namespace, read, gaps }),
      facts: reportFacts(findings),
      findings: findings.slice(0, maxFindings).map(toFinding),
    };
  },
});

/** A call that is followed elsewhere has to name the cluster that was asked about. */
function onCluster(finding: Folded, cluster: string | undefined): Folded {
  if (cluster === undefined || finding.next === undefined) return finding;
  return { ...finding, next: { ...finding.next, args: { ...finding.next.args, cluster } } };
}

function around(snapshot: Snapshot, workload: string, namespace: string | undefined): ReadonlySet<string> {
  const keys = relatedTo(snapshot, workload);
  if (keys.size > 0) return keys;
  const where = namespace === undefined ? 'the cluster' : `namespace ${namespace}`;
  throw Failure.terminal('NotFound', `workload: nothing that runs in ${where} is called "${workload}".`);
}
