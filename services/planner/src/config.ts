import { serviceConfig } from '@skyflo/service-kit';
import { z } from 'zod';

/** The planner's own variables, beside those every service has. */
export const loadConfig = (env: NodeJS.ProcessEnv = process.env) =>
  serviceConfig(
    'planner',
    {
      MODEL_URL: z.url().describe('base URL of an OpenAI-compatible API, e.g. http://127.0.0.1:4000/v1'),
      MODEL_API_KEY: z.string().optional().describe('the key for it, where it wants one'),
      MODEL_NAME: z.string().min(1).describe('the model to ask for'),
      MODEL_TIMEOUT_SECONDS: seconds(300).describe('how long one answer of the model may take, in seconds'),
      MODEL_RETRIES: z.coerce
        .number()
        .int()
        .min(0)
        .max(10)
        .default(4)
        .describe('how often a failed model call is tried again'),
      MODEL_RETRY_MS: z.coerce
        .number()
        .int()
        .min(1)
        .default(1_000)
        .describe('the wait before the first of them, in milliseconds; it doubles each time'),
      CONTEXT_TOKENS: z.coerce
        .number()
        .int()
        .min(4_000)
        .default(96_000)
        .describe('how much of a conversation the model is told, in tokens'),
      MAX_STEPS: z.coerce.number().int().min(1).default(30).describe('how many answers of the model a run may take'),
      MAX_CALLS: z.coerce.number().int().min(1).default(100).describe('how many tool calls a run may make'),
      MAX_RUN_SECONDS: seconds(900).describe(
        'how long a run may work, in seconds; an answer of the model is cut short there, a call that is open is waited for, and waiting for people does not count',
      ),
      LEASE_SECONDS: seconds(15).describe('after how many seconds a run of a dead planner is taken over'),
      SWEEP_MS: z.coerce
        .number()
        .int()
        .min(50)
        .default(2_000)
        .describe('how often runs that nobody works on are looked for, in milliseconds'),
    },
    env,
  );

export type PlannerConfig = ReturnType<typeof loadConfig>;

function seconds(byDefault: number) {
  return z.coerce.number().min(0.1).default(byDefault);
}
