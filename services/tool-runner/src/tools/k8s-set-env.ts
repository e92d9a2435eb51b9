import { z } from 'zod';
import { chooseContainerOf, containersOf } from '../domain/containers.ts';
import { nameOf } from '../domain/draft.ts';
import { withValue } from '../domain/edit.ts';
import { assertEnvironment, environmentWords, variableName, withVariables } from '../domain/environment.ts';
import { valueAt } from '../domain/json-pointer.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkChanges } from './write/checks.ts';
import { differences } from './write/differences.ts';
import { newTemplate } from './write/new-template.ts';
import { assertOwnMaster, gitOpsNotices } from './write/notices.ts';
import { assertThere } from './write/referenced.ts';

const most = 20;
const variable = z.string().min(1).max(253).regex(variableName, 'no name of a variable');
const key = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[-._a-zA-Z0-9]+$/, 'no key');
const Variables = z.array(z.looseObject({ name: z.string() }).catchall(z.json()));

const args = z.strictObject({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob']).default('Deployment'),
  name: arg.name,
  namespace: arg.inNamespace,
  container: arg.container.optional().describe('Needed where there are several containers.'),
  set: z
    .record(variable, z.string().max(4096))
    .refine((all) => Object.keys(all).length <= most, `at most ${most}`)
    .default({})
    .describe('Plain values by name; secrets belong into a Secret.'),
  refs: z
    .array(z.strictObject({ name: variable, from: z.enum(['Secret', 'ConfigMap']), object: arg.objectName, key }))
    .max(most)
    .default([])
    .describe('Variables that take their value from a key of a Secret or ConfigMap in the same namespace.'),
  unset: z.array(variable).max(most).default([]),
  cluster: arg.cluster,
});

export const k8sSetEnv = writeTool({
  name: 'k8s_set_env',
  title: 'Set environment variables',
  toolset: 'edit',
  description:
    'Sets and removes environment variables of one container of a workload; its pods are replaced step by step. A person approves it first.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    assertEnvironment(asked);
    const { type, object } = await findObject(asked, look);
    const target = nameOf(type.kind, object.metadata);
    assertOwnMaster(object, target, 'Set the environment of');
    const { container, path } = chooseContainerOf(containersOf(object), asked.container, target);
    const place = [...path, 'env'];
    const env = withVariables(Variables.parse(valueAt(object, place) ?? []), asked);
    const desired = withValue(object, place, env.length === 0 ? undefined : env);
    const changes = differences(object, desired, `Container ${container} of ${target} has these variables already`);
    const unseen = await assertThere(asked.refs, asked.namespace, look);
    const rollout = newTemplate(object, asked);
    return {
      type,
      live: object,
      changes,
      effect: `Set the environment of container ${container} in ${target}: ${environmentWords(asked)}.`,
      risk: rollout.risk,
      blastRadius: rollout.blastRadius,
      reversible: { possible: true, how: 'Set the former variables again; they are shown here.' },
      warnings: [...rollout.warnings, ...gitOpsNotices(object)],
      notKnownYet: [...unseen, ...rollout.notKnownYet],
      checks: [
        ...rollout.checks('run with the new environment'),
        ...checkChanges(asked, desired, changes, `the environment of ${container} is as approved`),
      ],
    };
  },
});
