import { Failure, type JsonObject, type Notice } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { assertNotSystem } from '../domain/protected.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkField } from './write/checks.ts';
import { noPods } from './write/pods.ts';

const args = z.strictObject({
  name: arg.name.describe('Name of the CronJob.'),
  namespace: arg.inNamespace,
  cluster: arg.cluster,
});

const CronJob = z.looseObject({
  spec: z.looseObject({
    suspend: z.boolean().nullish(),
    concurrencyPolicy: z.string().nullish(),
    jobTemplate: z.looseObject({
      metadata: z
        .looseObject({
          labels: z.record(z.string(), z.string()).nullish(),
          annotations: z.record(z.string(), z.string()).nullish(),
        })
        .nullish(),
      spec: z.looseObject({ ttlSecondsAfterFinished: z.number().nullish() }),
    }),
  }),
  status: z.looseObject({ active: z.array(z.unknown()).nullish() }).nullish(),
});
type CronJob = z.infer<typeof CronJob>;

/** A Job that vanished before its outcome was read would look as if it had never been made, and be made again. */
const shortestTtlSeconds = 3_600;
const longestName = 63;

export const k8sJobFromCronJob = writeTool({
  name: 'k8s_job_from_cronjob',
  title: 'Run a CronJob now',
  description: 'Makes one Job of a CronJob now, as kubectl create job --from does. A person approves it first.',
  toolset: 'debug',
  args,
  hints: { idempotent: false, destructive: false },
  plan: async (asked, look) => {
    const { object } = await findObject({ ...asked, kind: 'cronjobs.batch' }, look);
    const source = nameOf('CronJob', object.metadata);
    assertNotSystem(asked.namespace, source);
    if (object.metadata.deletionTimestamp !== undefined)
      throw Failure.terminal('BeingDeleted', `${source} is being deleted.`);
    const type = await look.cluster.discovery.resolve('jobs.batch');
    const cronJob = CronJob.parse(object);
    const name = `${asked.name.slice(0, longestName - look.suffix.length - 1)}-${look.suffix}`;
    const target = nameOf('Job', { namespace: asked.namespace, name });
    return {
      type,
      live: toJob(object, cronJob, name),
      creation: true,
      effect: `Run ${source} once, now, as ${target}.`,
      risk: { level: 'medium', reasons: ['It does what the CronJob does, at another time than planned.'] },
      blastRadius: { ...noPods, podsAdded: 1, summary: 'One Job is started, and its pods.' },
      reversible: { possible: true, how: `Delete ${target}; what it did stays done.` },
      warnings: noticesOf(cronJob, source),
      notKnownYet: ['the names of its pods and the nodes they run on', 'what it does'],
      checks: [checkField({ ...asked, kind: 'Job', name }, '.metadata.name', name, `${target} is there`)],
    };
  },
});

/** As kubectl makes it; the owner is named as kubectl names it, so that the CronJob counts it among its own. */
function toJob({ metadata }: KubeObject, { spec: { jobTemplate } }: CronJob, name: string): KubeObject {
  const { ttlSecondsAfterFinished: ttl } = jobTemplate.spec;
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: metadata.name,
    uid: metadata.uid ?? '',
    controller: true,
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: { ...jobTemplate.metadata?.labels },
      annotations: { ...jobTemplate.metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [owner],
    },
    spec: {
      ...(jobTemplate.spec as JsonObject),
      ...(isShort(ttl) ? { ttlSecondsAfterFinished: shortestTtlSeconds } : {}),
    },
  };
}

function isShort(ttl: number | null | undefined): boolean {
  return ttl != null && ttl < shortestTtlSeconds;
}

function noticesOf({ spec, status }: CronJob, source: string): Notice[] {
  const active = status?.active?.length ?? 0;
  return [
    ...(spec.suspend === true
      ? [{ code: 'Suspended', message: `${source} is suspended; it runs once all the same.` }]
      : []),
    ...(active > 0 && spec.concurrencyPolicy !== 'Allow'
      ? [
          {
            code: 'RunsBeside',
            message: `${source} runs already and wants no second one beside it; this one starts all the same.`,
          },
        ]
      : []),
    ...(isShort(spec.jobTemplate.spec.ttlSecondsAfterFinished)
      ? [{ code: 'KeptLonger', message: 'The Job is kept for an hour after it ends, so that its outcome can be read.' }]
      : []),
  ];
}
