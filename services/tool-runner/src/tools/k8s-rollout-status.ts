import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { rolloutState, type RolloutState, toWorkload } from '../domain/workload.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { readTool } from './tool.ts';

const args = z.strictObject({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']).default('Deployment'),
  name: arg.name,
  namespace: arg.inNamespace,
  timeout_s: z.number().int().min(0).max(60).default(0).describe('Wait this long for it to be done; 0 looks once.'),
  cluster: arg.cluster,
});

const pollMs = 500;

export const k8sRolloutStatus = readTool({
  name: 'k8s_rollout_status',
  title: 'Rollout status',
  toolset: 'core',
  description:
    'Whether a workload runs as its spec wants: how many pods are updated, ready, available. Waits for it up to timeout_s; still running then is an answer, not an error.',
  args,
  waitsMs: ({ timeout_s }) => timeout_s * 1000,
  read: async (asked, look) => {
    const until = look.now().getTime() + asked.timeout_s * 1000;
    for (;;) {
      const { object } = await findObject(asked, look);
      const state = rolloutState(toWorkload(object));
      const over = look.now().getTime() + pollMs > until;
      if (state.done || state.stuck || over) return answer(nameOf(asked.kind, object.metadata), state);
      await sleep(pollMs, undefined, { signal: look.signal });
    }
  },
});

function answer(target: string, { done, stuck, wanted, updated, ready, available, message }: RolloutState) {
  const said = done ? 'is rolled out' : stuck ? 'is not rolled out' : 'is still rolling out';
  return {
    text: `${target} ${said}: ${message}.\n${wanted} wanted, ${updated} updated, ${ready} ready, ${available} available.`,
    facts: { done, stuck, wanted, updated, ready, available, message },
  };
}
