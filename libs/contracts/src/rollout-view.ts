import { z } from 'zod';
import { FoundObject } from './finding.ts';

/** One step of a canary: what it does in words, the weight it sets, and whether the rollout is past it. */
export const RolloutStep = z.object({
  text: z.string().max(200),
  /** Percent of the traffic, or of the pods, that the new version has from this step on. */
  weight: z.number().optional(),
  state: z.enum(['done', 'now', 'next']),
});
export type RolloutStep = z.infer<typeof RolloutStep>;

/** What runs of one pod template. `roles`: `stable`, `canary`, `active`, `preview`; none for what is only kept. */
export const RolloutVersion = z.object({
  revision: z.number().int(),
  roles: z.array(z.string().max(63)).max(4),
  images: z.array(z.string().max(512)).max(20),
  wanted: z.number().int(),
  available: z.number().int(),
});
export type RolloutVersion = z.infer<typeof RolloutVersion>;

/**
 * A progressive rollout as it stands: how far along its steps, with what weight, which versions run. Phases are the
 * controller's own words (`Healthy`, `Progressing`, `Paused`, `Degraded`); readers take any. `message` is what the cluster
 * says: never to be trusted.
 */
export const RolloutView = z.object({
  object: FoundObject,
  strategy: z.enum(['canary', 'blueGreen']),
  phase: z.string().max(63),
  message: z.string().max(600),
  /** Canary only: the share of the new version that its steps ask for, and the one it has. */
  weight: z.number().optional(),
  actualWeight: z.number().optional(),
  steps: z.array(RolloutStep).max(100),
  versions: z.array(RolloutVersion).max(20),
});
export type RolloutView = z.infer<typeof RolloutView>;
