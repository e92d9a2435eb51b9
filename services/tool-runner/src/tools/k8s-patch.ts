import { Failure } from '@skyflo/contracts';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { secretsOf } from '../domain/fingerprints.ts';
import { toWords } from '../domain/json-pointer.ts';
import { looksSecret, maskText } from '../domain/mask.ts';
import { assertPlaces, isOperations } from '../domain/patch-places.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { type PlanLook, writeTool } from './tool.ts';
import { checkChanges } from './write/checks.ts';
import { differences } from './write/differences.ts';
import { assertOwnMaster, autoscalerNotices, gitOpsNotices } from './write/notices.ts';
import { patchMeaning } from './write/patch-meaning.ts';

const longest = 30_000;
const pointer = z.string().max(500);

const operation = z.strictObject({
  op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
  path: pointer,
  from: pointer.optional(),
  value: z.unknown().optional(),
});

const args = z.strictObject({
  kind: arg.kind,
  name: arg.name,
  namespace: arg.namespace.optional().describe('Leave out for kinds without one.'),
  type: z
    .enum(['strategic', 'merge', 'json'])
    .default('strategic')
    .describe('strategic merges lists by name, custom resources need merge, json is a list of operations.'),
  patch: z
    .union([z.record(z.string().min(1).max(317), z.unknown()), z.array(operation).min(1).max(50)])
    .refine((patch) => JSON.stringify(patch).length <= longest, `at most ${longest} characters`)
    .describe('Only what changes; null takes a field away. Never status.'),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

export const k8sPatch = writeTool({
  name: 'k8s_patch',
  title: 'Patch an object',
  toolset: 'edit',
  description:
    'Changes any fields of one object, for what no other tool does. A person sees what comes of it, field by field, and approves it first.',
  args,
  hints: { idempotent: false, destructive: true },
  plan: async (asked, look) => {
    if (isOperations(asked.patch) !== (asked.type === 'json'))
      throw Failure.terminal('InvalidArguments', 'patch: a list of operations is of type json, a map of the others.');
    const { type, object } = await findObject(asked, look);
    const target = nameOf(type.kind, object.metadata);
    assertPatchable(type, target);
    if (type.kind !== 'Pod') assertOwnMaster(object, target, 'Patch');
    assertPlaces(asked.patch, object);
    const desired = await outcomeOf(asked, { type, object }, look);
    const changes = differences(object, desired, `${target} is as the patch wants it`);
    assertNoSecrets(object, desired);
    const wanted = { ...asked, kind: type.kind };
    const meaning = patchMeaning(type, object, changes, wanted);
    const fields = changes.map(({ path }) => toWords(path));
    const scales = changes.some(({ path }) => path === '/spec/replicas');
    return {
      type,
      live: object,
      changes,
      effect: `Patch ${target}: ${fields.slice(0, 5).join(', ')}${fields.length > 5 ? ` and ${fields.length - 5} more` : ''}.`,
      risk: meaning.risk,
      blastRadius: meaning.blastRadius,
      reversible: { possible: true, how: 'Patch the former values back; they are shown here.' },
      warnings: [
        ...(scales ? await autoscalerNotices(type, object, look) : []),
        ...meaning.warnings,
        ...gitOpsNotices(object),
      ],
      notKnownYet: meaning.notKnownYet,
      checks: [
        ...meaning.checks('run with the patch'),
        ...checkChanges(wanted, desired, changes, `${target} is as approved`),
      ],
    };
  },
});

/** The admission guard cannot see these: the API server keeps policies away from policies. */
function assertPatchable({ group }: ResourceType, target: string): void {
  if (group === 'admissionregistration.k8s.io')
    throw Failure.terminal(
      'Unsupported',
      `kind: ${target} decides what the cluster admits; it is not changed from here.`,
    );
}

async function outcomeOf(
  { type: patchType, patch }: Args,
  { type, object }: { readonly type: ResourceType; readonly object: KubeObject },
  { tryOut }: PlanLook,
): Promise<KubeObject> {
  try {
    return await tryOut(type, object, { patchType, patch });
  } catch (error) {
    if (!(error instanceof Failure) || error.retryable) throw error;
    const hint = error.code === 'UnsupportedMediaType' ? { hint: 'Use type merge: it is a custom resource.' } : {};
    throw Failure.terminal(error.code, `patch: ${maskText(error.message)}`, hint);
  }
}

/** Arguments are written down where many may read them, and so is the object, unless it is a Secret. */
function assertNoSecrets(before: KubeObject, after: KubeObject): void {
  const known = secretsOf(before);
  const isNew = [...secretsOf(after)].some((value) => !known.has(value) && looksSecret('secret', value));
  if (isNew)
    throw Failure.terminal('SecretInPlain', 'patch: it holds a value that looks like a secret.', {
      hint: 'Have a person put it into a Secret, and refer to it by name and key.',
    });
}
