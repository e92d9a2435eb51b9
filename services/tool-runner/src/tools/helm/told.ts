import { type CheckRequest, Failure, type Notice, type ObjectChange, type Plan } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { nameOf } from '../../domain/draft.ts';
import type { Release } from '../../domain/helm/release.ts';
import { renderedText } from '../../domain/helm/release-draft.ts';
import type { Prepared } from '../../domain/helm/writer.ts';
import { checkRollout } from '../write/checks.ts';

const workloads: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
/** A chart may write anything; what does not fit is not counted. */
const Spec = z
  .object({ replicas: z.number().optional().catch(undefined), template: z.unknown() })
  .catch({ template: null });
/** A release can have hundreds of them; more than these are not waited for. */
const checkedAtMost = 5;

/** Refuses what nobody could approve, because it comes out otherwise each time. */
export function assertSteady({ first, second, chart }: Prepared): void {
  if (renderedText(first) === renderedText(second)) return;
  throw Failure.terminal('ChartNotSteady', `The chart ${chart.name} renders to something else each time.`, {
    hint: 'It makes random values. Set those by values: helm_show tells which there are.',
  });
}

/** `2 new, 1 changed, 1 removed`. */
export function countsOf(changes: readonly ObjectChange[]): string {
  const made = changes.filter(({ before }) => before === '').length;
  const gone = changes.filter(({ after }) => after === '').length;
  const other = changes.length - made - gone;
  const words = [made && `${made} new`, other && `${other} changed`, gone && `${gone} removed`].filter(Boolean);
  return words.length === 0 ? 'no object' : words.join(', ');
}

export function blastRadiusOf(
  changes: readonly ObjectChange[],
  { before, after }: { before: Release | undefined; after: Release | undefined },
): Plan['blastRadius'] {
  const pods = { podsReplaced: 0, podsAdded: 0, podsRemoved: 0 };
  for (const change of changes.filter(({ object }) => workloads.has(object.kind))) {
    const was = change.before === '' ? undefined : objectIn(before, change);
    const is = change.after === '' ? undefined : objectIn(after, change);
    if (was && !is) pods.podsRemoved += podsOf(was);
    else if (is && !was) pods.podsAdded += podsOf(is);
    else if (was && is && templateOf(was) !== templateOf(is)) pods.podsReplaced += podsOf(is);
    else if (was && is) pods.podsAdded += Math.max(0, podsOf(is) - podsOf(was));
  }
  return { summary: `Objects: ${countsOf(changes)}.`, ...pods };
}

/** Hooks are run, not kept: they are no part of the difference, and a person should know of them. */
export function hookNotices(release: Release, moments: RegExp): Notice[] {
  const hooks = release.manifest.filter(({ hook }) => hook?.some((moment) => moments.test(moment)));
  return hooks.map(({ object, hook = [] }) => ({
    code: 'RunsHook',
    message: `Helm also makes ${object ? nameOf(object.kind, object.metadata) : 'an object'} at ${hook.join(', ')}.`,
  }));
}

/** Afterwards: the revision is deployed, and the workloads it changed are rolled out. */
export function checksOf(
  { namespace, name, cluster }: { namespace: string; name: string; cluster?: string | undefined },
  revision: number,
  changes: readonly ObjectChange[],
): CheckRequest[] {
  const where = cluster === undefined ? {} : { cluster };
  const status: CheckRequest = {
    tool: 'helm_get',
    args: { name, namespace, what: 'status', ...where },
    expected: `revision ${revision} is deployed`,
    facts: { revision, status: 'deployed' },
  };
  const rollouts = changes
    .filter(({ object, after }) => after !== '' && workloads.has(object.kind))
    .slice(0, checkedAtMost)
    .map(({ object }) =>
      checkRollout({ ...object, cluster }, `${nameOf(object.kind, object)} is rolled out and ready`),
    );
  return [status, ...rollouts];
}

function objectIn(release: Release | undefined, { object }: ObjectChange): KubeObject | undefined {
  return release?.manifest.find((part) => {
    const metadata = part.object?.metadata;
    const namespace = metadata?.namespace ?? release.namespace;
    return part.object?.kind === object.kind && metadata?.name === object.name && namespace === object.namespace;
  })?.object;
}

function podsOf({ spec }: KubeObject): number {
  return Spec.parse(spec).replicas ?? 1;
}

function templateOf({ spec }: KubeObject): string {
  return JSON.stringify(Spec.parse(spec).template ?? null);
}
