import { ConfigError, serviceConfig } from '@skyflo/service-kit';
import { z } from 'zod';
import { passwordObjection } from './domain/password-policy.ts';

const shape = {
  TOKEN_KEY: z
    .string()
    .refine((key) => new TextEncoder().encode(key).length >= 32, 'at least 32 bytes, such as 64 random hex digits')
    .describe('the key that access tokens are signed with; changing it ends all of them'),
  SETUP_TOKEN: z
    .string()
    .min(16, 'at least 16 characters')
    .max(200)
    .optional()
    .describe('the one-time token by which the first admin is set up; unset: only by ADMIN_EMAIL'),
  ADMIN_EMAIL: z
    .email()
    .transform((email) => email.toLowerCase())
    .optional()
    .describe('the first admin, made at boot where there is none; needs ADMIN_PASSWORD'),
  ADMIN_PASSWORD: z
    .string()
    .min(12, 'at least 12 characters')
    .max(200)
    .optional()
    .describe('the first admin’s password; only read while there is no admin'),
  ACCESS_TOKEN_SECONDS: z.coerce.number().int().min(1).default(900).describe('how long an access token is good'),
  REFRESH_TOKEN_DAYS: z.coerce.number().positive().default(7).describe('how long a session lives without being used'),
  COOKIE_SECURE: z.stringbool().default(true).describe('whether cookies are for https only; false on plain http'),
  TOOL_RUNNER_URL: z
    .url({ protocol: /^https?$/ })
    .describe('where the tool-runner listens; what clients say at /mcp is handed on to it'),
  MCP_HOSTS: z
    .string()
    .transform((names) => names.split(',').map((name) => name.trim().toLowerCase()))
    .optional()
    .describe(
      'the host names at which /mcp may be asked for, separated by commas; unset: any, since a token is needed anyway',
    ),
  HEARTBEAT_SECONDS: z.coerce
    .number()
    .positive()
    .default(15)
    .describe('how often an event stream gets a comment, and whether its reader may still read is checked'),
};

/** Every variable of the gateway, `GATEWAY_` before each; the ones all services share are described in service-kit. */
export const loadConfig = (env: NodeJS.ProcessEnv = process.env) => checked(serviceConfig('gateway', shape, env));
export type GatewayConfig = ReturnType<typeof loadConfig>;

/** What no variable shows by itself. */
function checked<C extends { adminEmail?: string | undefined; adminPassword?: string | undefined }>(config: C): C {
  const { adminEmail, adminPassword } = config;
  if ((adminEmail === undefined) !== (adminPassword === undefined))
    throw new ConfigError('gateway', ['GATEWAY_ADMIN_EMAIL and GATEWAY_ADMIN_PASSWORD go together']);
  const objection = passwordObjection(adminPassword ?? '', adminEmail ?? '');
  if (adminPassword !== undefined && objection !== undefined)
    throw new ConfigError('gateway', [`GATEWAY_ADMIN_PASSWORD ${objection}`]);
  return config;
}
