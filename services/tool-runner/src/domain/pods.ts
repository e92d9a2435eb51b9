import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { Condition } from './condition.ts';
import { ageOf } from './age.ts';

const State = z.looseObject({
  waiting: z.looseObject({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  running: z.looseObject({ startedAt: z.string().optional() }).optional(),
  terminated: z
    .looseObject({
      exitCode: z.number(),
      reason: z.string().optional(),
      message: z.string().optional(),
      finishedAt: z.string().nullish(),
    })
    .optional(),
});
const ContainerStatus = z.looseObject({
  name: z.string(),
  ready: z.boolean().optional(),
  restartCount: z.number().optional(),
  state: State.optional(),
  lastState: State.optional(),
});
const Container = z.looseObject({ name: z.string(), image: z.string().optional() });

export const Pod = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    creationTimestamp: z.string().nullish(),
    deletionTimestamp: z.string().nullish(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.looseObject({
    nodeName: z.string().optional(),
    containers: z.array(Container),
    initContainers: z.array(Container).optional(),
    ephemeralContainers: z.array(Container).optional(),
  }),
  status: z
    .looseObject({
      phase: z.string().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
      conditions: z.array(Condition).optional(),
      containerStatuses: z.array(ContainerStatus).optional(),
      initContainerStatuses: z.array(ContainerStatus).optional(),
    })
    .optional(),
});
export type Pod = z.infer<typeof Pod>;

export function toPod(object: KubeObject): Pod {
  return Pod.parse(object);
}

/** One line per pod, then one per container that is not simply running: what is wrong stands where the eye falls. */
export function describePods(pods: readonly Pod[], now: Date): string[] {
  return pods.flatMap((pod) => [podLine(pod, now), ...podTroubles(pod).map((line) => `  ${line}`)]);
}

function podLine({ metadata, spec, status }: Pod, now: Date): string {
  const ready = (status?.containerStatuses ?? []).filter((one) => one.ready === true).length;
  const phase = metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? 'Unknown');
  const node = spec.nodeName === undefined ? 'on no node' : `on ${spec.nodeName}`;
  return `${metadata.name}: ${phase}, ${ready}/${spec.containers.length} ready, ${node}, ${ageOf(metadata.creationTimestamp, now)} old`;
}

/** Why a pod is not as it should be: its own conditions that fail, and each container that waits, ended or restarts. */
export function podTroubles({ status }: Pod): string[] {
  const scheduled = status?.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return [
    ...(scheduled ? [`not scheduled: ${scheduled.message ?? scheduled.reason ?? ''}`] : []),
    ...(status?.reason ? [`${status.reason}: ${status.message ?? ''}`] : []),
    ...statuses.flatMap(containerTroubles),
  ];
}

function containerTroubles({
  name,
  state,
  lastState,
  ready,
  restartCount = 0,
}: z.infer<typeof ContainerStatus>): string[] {
  const lines: string[] = [];
  if (state?.waiting) lines.push(`container ${name} waits: ${said(state.waiting)}`);
  if (state?.terminated && state.terminated.exitCode !== 0)
    lines.push(`container ${name} ended: ${ended(state.terminated)}`);
  if (state?.running && ready === false) lines.push(`container ${name} runs but is not ready`);
  if (restartCount > 0) {
    const last = lastState?.terminated ? `, last ended: ${ended(lastState.terminated)}` : '';
    lines.push(`container ${name} restarted ${restartCount} times${last}`);
  }
  return lines;
}

function ended({
  exitCode,
  reason,
  message,
}: {
  exitCode: number;
  reason?: string | undefined;
  message?: string | undefined;
}): string {
  return `${reason ?? 'Ended'} (exit code ${exitCode})${message ? `: ${message}` : ''}`;
}

function said({ reason, message }: { reason?: string | undefined; message?: string | undefined }): string {
  return [reason, message].filter(Boolean).join(': ');
}
