import { Failure, type Plan } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { withValue } from '../domain/edit.ts';
import { assertOwnKey } from '../domain/metadata-keys.ts';
import {
  assertTaintValue,
  effects,
  staysUnder,
  type Taint,
  taintsOf,
  taintText,
  withoutTaint,
  withTaint,
} from '../domain/taints.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { type Look, writeTool } from './tool.ts';
import { checkChanges } from './write/checks.ts';
import { differences } from './write/differences.ts';
import { podsOn } from './write/node.ts';
import { controllerOf } from './write/notices.ts';
import { countPods, noPods } from './write/pods.ts';

const args = z.strictObject({
  name: arg.name.describe('Name of the node.'),
  key: z.string().min(1).max(317),
  value: z.string().max(63).optional(),
  effect: z.enum(effects).optional().describe('Needed to set one; leave out to remove all of the key.'),
  remove: z.boolean().default(false).describe('Takes the taint away.'),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;
const place = ['spec', 'taints'];

export const k8sTaint = writeTool({
  name: 'k8s_taint',
  title: 'Taint a node',
  toolset: 'node',
  description:
    'Sets or removes one taint of a node: pods that do not tolerate it are not scheduled there, and with NoExecute are ended at once. A person approves it first. To empty a node, draining is gentler.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    assertOwnKey(asked.key, 'key');
    const taint = asked.remove ? undefined : toTaint(asked);
    const wanted = { ...asked, kind: 'Node' };
    const { type, object } = await findObject(wanted, look);
    const target = nameOf(type.kind, object.metadata);
    const before = taintsOf(object);
    const after = taint ? withTaint(before, taint) : withoutTaint(before, asked.key, asked.effect);
    const desired = withValue(object, place, after.length === 0 ? undefined : after);
    const what = taint ? taintText(taint) : `${asked.key}${asked.effect === undefined ? '' : `:${asked.effect}`}`;
    const already = taint ? `${target} has the taint ${what} already` : `${target} has no taint ${what}`;
    const changes = differences(object, desired, already);
    const meaning = taint ? await meaningOf(taint, asked.name, look) : freed;
    return {
      type,
      live: object,
      changes,
      effect: taint ? `Taint ${target} with ${what}.` : `Remove the taint ${what} from ${target}.`,
      ...meaning,
      checks: checkChanges(wanted, desired, changes, `the taints of ${target} are as approved`),
    };
  },
});

function toTaint({ key, value, effect }: Args): Taint {
  if (effect === undefined)
    throw Failure.terminal('InvalidArguments', `effect: to set a taint, name one of ${effects.join(', ')}.`);
  if (value !== undefined) assertTaintValue(value);
  return { key, ...(value === undefined || value === '' ? {} : { value }), effect };
}

type Meaning = Pick<Plan, 'risk' | 'blastRadius' | 'reversible' | 'warnings' | 'notKnownYet'>;

const freed: Meaning = {
  risk: { level: 'low', reasons: ['Pods that wait for a node may start on it at once.'] },
  blastRadius: { ...noPods, summary: 'No pod is moved; waiting pods may start.' },
  reversible: { possible: true, how: 'Set the taint again; pods that came meanwhile may stay.' },
  warnings: [],
  notKnownYet: ['which pods will come'],
};

async function meaningOf(taint: Taint, node: string, look: Look): Promise<Meaning> {
  if (taint.effect !== 'NoExecute')
    return {
      risk: { level: 'low', reasons: ['Pods on it run on; new ones that do not tolerate it go to other nodes.'] },
      blastRadius: { ...noPods, summary: 'Pods on it stay.' },
      reversible: { possible: true, how: 'Remove the taint.' },
      warnings: [],
      notKnownYet: [],
    };
  const pods = await podsOn(node, look);
  return eviction(pods?.filter((pod) => !staysUnder(taint, pod)));
}

/** The taint manager deletes pods; it does not ask budgets, and nothing starts a pod again that no controller made. */
function eviction(ending: readonly KubeObject[] | undefined): Meaning {
  const made = ending?.filter(({ metadata }) => controllerOf(metadata) !== undefined) ?? [];
  const lost = (ending?.length ?? 0) - made.length;
  const summary =
    ending === undefined
      ? 'Pods on it that do not tolerate the taint are ended.'
      : `${countPods(ending.length)} on it do not tolerate the taint and are ended, now or when their toleration runs out.`;
  const alone = `${countPods(lost)} of them belong to no controller and are not made anew.`;
  const budgets = 'NoExecute ends pods without regard to disruption budgets; a drain respects them.';
  const isEmpty = ending?.length === 0;
  return {
    risk: isEmpty ? { level: 'low', reasons: ['No pod has to go.'] } : { level: 'high', reasons: [budgets] },
    blastRadius: { ...noPods, podsReplaced: made.length, podsRemoved: lost, summary },
    reversible: { possible: true, how: 'Remove the taint; pods that were ended stay ended.' },
    warnings: [
      ...(isEmpty ? [] : [{ code: 'BudgetsIgnored', message: budgets }]),
      ...(lost > 0 ? [{ code: 'NotMadeAnew', message: alone }] : []),
    ],
    notKnownYet: [
      ...(ending === undefined ? ['which pods have to go: they could not be looked at'] : []),
      'where their successors will run',
    ],
  };
}
