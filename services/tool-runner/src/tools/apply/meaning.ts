import type { CheckRequest, Notice, Plan } from '@skyflo/contracts';
import { type KubeObject, resourceTypeRef } from '@skyflo/kube';
import { toWords } from '../../domain/json-pointer.ts';
import { toWorkload, wantedPods } from '../../domain/workload.ts';
import type { TrialLook } from '../tool.ts';
import { checkChanges, checkRollout, checkThere } from '../write/checks.ts';
import { newTemplate } from '../write/new-template.ts';
import { autoscalerOf, gitOpsNotices } from '../write/notices.ts';
import { countPods, noPods } from '../write/pods.ts';
import { reachesNode } from './reaches-node.ts';
import type { TriedObject } from './try-objects.ts';

/** What a person should know about one applied object. */
export type Meaning = Pick<Plan, 'risk' | 'blastRadius' | 'warnings' | 'notKnownYet'> & {
  readonly checks: readonly CheckRequest[];
};

const workloads: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
/** What decides who reaches whom, or what is thrown out: a small change of them may cut off a lot. */
const guards: ReadonlySet<string> = new Set([
  'Ingress',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'Service',
  'CustomResourceDefinition',
]);

export async function meaningOf(tried: TriedObject, look: TrialLook): Promise<Meaning> {
  const { part, after, conflicts } = tried;
  const own = part.live === undefined ? ofCreation(tried) : await ofChange(tried, part.live, look);
  const reach = reachesNode(after);
  const taken = conflicts.map(({ manager, field }) => ({
    code: 'TakesField',
    message: `${tried.target}: ${field} is taken from ${manager}, which may set it back.`,
  }));
  const reasons = [
    ...own.risk.reasons,
    ...(reach.length > 0 ? [`Its pods reach the node they run on: ${reach.join(', ')}.`] : []),
    ...(taken.length > 0 ? ['It takes fields that others manage.'] : []),
  ];
  const level = reach.length > 0 ? 'high' : taken.length > 0 && own.risk.level === 'low' ? 'medium' : own.risk.level;
  return { ...own, risk: { level, reasons }, warnings: [...own.warnings, ...taken] };
}

function ofCreation({ part: { type }, target, after }: TriedObject): Meaning {
  const where = whereOf(after);
  if (!workloads.has(type.kind))
    return {
      risk: { level: 'low', reasons: [] },
      blastRadius: { ...noPods, summary: `${target} is made.` },
      warnings: [],
      notKnownYet: type.kind === 'Service' && isGivenAddress(after) ? [`the address of ${target}`] : [],
      checks: [checkThere({ ...where, kind: resourceTypeRef(type) }, `${target} is there`)],
    };
  const pods = wantedPods(toWorkload(after));
  const some = type.kind === 'DaemonSet' ? 'one pod on each node it fits' : countPods(pods);
  return {
    risk: { level: 'low', reasons: [] },
    blastRadius: { ...noPods, podsAdded: pods, summary: `${target} is made and starts ${some}.` },
    warnings: [],
    notKnownYet: ['the names of the new pods and the nodes they will run on'],
    checks: [checkRollout({ ...where, kind: type.kind }, `all pods of ${target} ready`)],
  };
}

async function ofChange(tried: TriedObject, live: KubeObject, look: TrialLook): Promise<Meaning> {
  const { part, target, after, changes } = tried;
  const where = { ...whereOf(live), kind: resourceTypeRef(part.type) };
  const checks = checkChanges(where, after, changes, `${target} is as approved`);
  const plain: Meaning = {
    risk: plainRisk(tried),
    blastRadius: { ...noPods, summary: `${target} changes.` },
    warnings: gitOpsNotices(live),
    notKnownYet: [],
    checks,
  };
  if (!workloads.has(part.type.kind)) return plain;
  return ofWorkload(tried, live, {
    ...plain,
    warnings: [...plain.warnings, ...(await scalerNotices(tried, live, look))],
  });
}

function ofWorkload(
  { part: { type }, target, after, changes }: TriedObject,
  live: KubeObject,
  plain: Meaning,
): Meaning {
  const [from, to] = [wantedPods(toWorkload(live)), wantedPods(toWorkload(after))];
  const counts = { ...noPods, podsAdded: Math.max(0, to - from), podsRemoved: Math.max(0, from - to) };
  const template = newTemplate(live, { ...whereOf(live), kind: type.kind });
  const replaces = changes.some(({ path }) => path.startsWith('/spec/template/'));
  const fewer: Plan['risk'] =
    to === 0
      ? { level: 'high', reasons: [`${target} stops: it is to have no pods.`] }
      : { level: 'medium', reasons: [`${target} gets fewer pods.`] };
  const scaled = to < from ? worseOf(plain.risk, fewer) : plain.risk;
  if (!replaces && to === from) return plain;
  return {
    risk: replaces ? worseOf(scaled, template.risk) : scaled,
    blastRadius: replaces
      ? { ...counts, podsReplaced: Math.min(from, to), summary: template.blastRadius.summary }
      : { ...counts, summary: `${target} goes from ${from} to ${countPods(to)}.` },
    warnings: [...plain.warnings, ...template.warnings],
    notKnownYet: template.notKnownYet,
    checks: [checkRollout({ ...whereOf(live), kind: type.kind }, `all pods of ${target} ready`), ...plain.checks],
  };
}

function plainRisk({ part: { type }, target, changes }: TriedObject): Plan['risk'] {
  const gone = changes.filter(({ to }) => to === null).map(({ path }) => toWords(path));
  const reasons = [
    ...(gone.length > 0
      ? [`${target} loses ${gone.slice(0, 3).join(', ')}${gone.length > 3 ? ' and more' : ''}.`]
      : []),
    ...(guards.has(type.kind) ? [`${target} decides what others can reach or do.`] : []),
  ];
  return { level: reasons.length > 0 ? 'medium' : 'low', reasons };
}

async function scalerNotices(
  { part, target, changes }: TriedObject,
  live: KubeObject,
  look: TrialLook,
): Promise<Notice[]> {
  if (!changes.some(({ path }) => path === '/spec/replicas')) return [];
  const scaler = await autoscalerOf(part.type, live, look);
  if (scaler === undefined) return [];
  const message = `HorizontalPodAutoscaler ${scaler} decides how many pods ${target} has and will change this again.`;
  return [{ code: 'AutoscalerOwnsReplicas', message }];
}

const levels = ['low', 'medium', 'high'] as const;

export function worseOf(one: Plan['risk'], other: Plan['risk']): Plan['risk'] {
  const level = levels.indexOf(one.level) >= levels.indexOf(other.level) ? one.level : other.level;
  return { level, reasons: [...one.reasons, ...other.reasons] };
}

function whereOf({ metadata: { name, namespace } }: KubeObject) {
  return { name, namespace };
}

function isGivenAddress(service: KubeObject): boolean {
  return !JSON.stringify(service['spec'] ?? null).includes('"clusterIP":"None"');
}
