import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { Condition } from './condition.ts';
import { podTroubles, toPod } from './pods.ts';
import { rolloutState, toWorkload } from './workload.ts';

export type Until = 'settled' | 'ready' | 'gone';

/** How what is waited for stands: it has come, it cannot come any more, or it may still. With what was seen, as a sentence. */
export type Standing = { readonly state: 'done' | 'hopeless' | 'open'; readonly seen: string };

const Conditioned = z.looseObject({
  status: z
    .looseObject({
      conditions: z.array(Condition).optional(),
    })
    .optional(),
});

export function standingOf(until: Until, object: KubeObject | undefined): Standing {
  if (until === 'gone') return goneStanding(object);
  if (object === undefined) return { state: 'hopeless', seen: 'it was deleted meanwhile' };
  return until === 'ready' ? readyStanding(object) : settledStanding(object);
}

function goneStanding(object: KubeObject | undefined): Standing {
  if (object === undefined) return { state: 'done', seen: 'it is gone' };
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined) return { state: 'open', seen: 'it is there, and nobody has deleted it' };
  const why = finalizers.length === 0 ? 'its grace period to end' : `its finalizers: ${finalizers.join(', ')}`;
  return { state: 'open', seen: `it is being deleted since ${deletionTimestamp} and waits for ${why}` };
}

function readyStanding(object: KubeObject): Standing {
  if (object.kind === 'Pod') return podStanding(object);
  const conditions = conditionsOf(object);
  const ready = conditions.find(({ type }) => ['Ready', 'Available', 'Established'].includes(type));
  if (ready === undefined) return { state: 'open', seen: 'it reports no condition Ready or Available' };
  if (ready.status === 'True') return { state: 'done', seen: `its condition ${ready.type} is True` };
  return { state: 'open', seen: `its condition ${ready.type} is ${ready.status}${because(ready)}` };
}

function podStanding(object: KubeObject): Standing {
  const pod = toPod(object);
  const phase = pod.status?.phase ?? 'Unknown';
  if (pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'))
    return { state: 'done', seen: 'all its containers are ready' };
  const troubles = podTroubles(pod);
  const seen = [`its phase is ${phase}`, ...troubles].join('; ');
  return { state: phase === 'Succeeded' || phase === 'Failed' ? 'hopeless' : 'open', seen };
}

function settledStanding(object: KubeObject): Standing {
  if (object.kind === 'Pod') return podStanding(object);
  if (object.kind === 'Job') return jobStanding(object);
  if (!['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(object.kind))
    throw Failure.terminal('InvalidArguments', `until: a ${object.kind} does not settle; wait for ready or gone.`);
  const { done, stuck, message } = rolloutState(toWorkload(object));
  return { state: done ? 'done' : stuck ? 'hopeless' : 'open', seen: message };
}

function jobStanding(object: KubeObject): Standing {
  const ended = conditionsOf(object).find(({ type, status }) => /^(Complete|Failed)$/.test(type) && status === 'True');
  if (ended === undefined) return { state: 'open', seen: 'it still runs' };
  return ended.type === 'Complete'
    ? { state: 'done', seen: 'it has completed' }
    : { state: 'hopeless', seen: `it has failed${because(ended)}` };
}

function conditionsOf(object: KubeObject) {
  return Conditioned.parse(object).status?.conditions ?? [];
}

function because({ reason, message }: { reason?: string | undefined; message?: string | undefined }): string {
  const said = [reason, message].filter(Boolean).join(': ');
  return said === '' ? '' : `: ${said}`;
}
