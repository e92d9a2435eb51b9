import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { headLine, rolloutFacts, stepLine } from '../domain/argo/report.ts';
import { isRestarting, phaseOf, type Rollout } from '../domain/argo/rollout.ts';
import { isPastStep } from '../domain/argo/steps.ts';
import { findRollout } from './argo/find-rollout.ts';
import * as arg from './args.ts';
import { type Answer, readTool } from './tool.ts';

const args = z.strictObject({
  name: arg.name,
  namespace: arg.inNamespace,
  past_step: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Done means past this step (the first is 0); without it, healthy with everything promoted.'),
  timeout_s: z.number().int().min(0).max(60).default(0).describe('Wait this long for it to be done; 0 looks once.'),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

const pollMs = 500;

export const argoStatus = readTool({
  name: 'argo_status',
  toolset: 'argo',
  title: 'Status of a rollout',
  description:
    'Whether a rollout of Argo Rollouts is healthy, progressing, paused or degraded, and at which step. Waits up to timeout_s, but not where only a person can go on: a pause or an abort is an answer.',
  args,
  waitsMs: ({ timeout_s }) => timeout_s * 1000,
  read: async (asked, look) => {
    const until = look.now().getTime() + asked.timeout_s * 1000;
    for (;;) {
      const { rollout } = await findRollout(asked, look);
      const over = look.now().getTime() + pollMs > until;
      if (isDone(rollout, asked) || isStuck(rollout) || over) return answer(rollout, asked);
      await sleep(pollMs, undefined, { signal: look.signal });
    }
  },
});

function isDone(rollout: Rollout, { past_step }: Args): boolean {
  if (past_step !== undefined) return isPastStep(rollout, past_step);
  return phaseOf(rollout).phase === 'Healthy' && !isRestarting(rollout);
}

/** It does not go on by itself. */
function isStuck(rollout: Rollout): boolean {
  return ['Paused', 'Degraded'].includes(phaseOf(rollout).phase);
}

function answer(rollout: Rollout, asked: Args): Answer {
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = rollout.status;
  const pods = `${replicas} pods, ${updatedReplicas} of the newest version, ${readyReplicas} ready.`;
  const lines = [headLine(rollout), stepLine(rollout), pods];
  return {
    text: lines.filter((line) => line !== undefined).join('\n'),
    facts: { done: isDone(rollout, asked), ...rolloutFacts(rollout), restarting: isRestarting(rollout) },
  };
}
