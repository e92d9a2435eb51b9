import { serviceConfig } from '@skyflo/service-kit';
import { z } from 'zod';

/** The gate's own variables, beside those every service has. */
export const loadConfig = (env: NodeJS.ProcessEnv = process.env) =>
  serviceConfig(
    'gate',
    {
      APPROVAL_EXPIRES_SECONDS: z.coerce
        .number()
        .int()
        .min(1)
        .max(86_400)
        .default(900)
        .describe('how long a person has to decide, in seconds'),
      GRANT_EXPIRES_SECONDS: z.coerce
        .number()
        .int()
        .min(1)
        .max(600)
        .default(120)
        .describe('how long a grant may be claimed after it was given, in seconds'),
      SWEEP_MS: z.coerce
        .number()
        .int()
        .min(50)
        .default(1_000)
        .describe('how often expired approvals are looked for, in milliseconds'),
    },
    env,
  );

export type GateConfig = ReturnType<typeof loadConfig>;
