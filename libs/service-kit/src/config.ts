import { loadIdentity, loadKeyRing } from '@skyflo/bus';
import type { ServiceName } from '@skyflo/contracts';
import { z } from 'zod';
import { ConfigError, describeIssue } from './config-error.ts';
import { logLevels } from './logger.ts';

/** What every service is configured with; the variables are named `<SERVICE>_<KEY>`. */
const baseOf = (service: ServiceName) => ({
  HOST: z.string().default('127.0.0.1').describe('the address to listen on'),
  PORT: z.coerce.number().int().min(0).max(65_535).describe('the port to listen on; 0 takes any free one'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe('postgres://<service>:<password>@<host>:<port>/<database>'),
  NATS_URL: z.string().min(1).describe('nats://<host>:<port>, several separated by commas'),
  NATS_SEED: z
    .string()
    .startsWith('SU', 'expected an nkey seed, which begins with SU')
    .describe("the seed of the service's NATS user"),
  SIGNING_KEY: z
    .string()
    .superRefine(loadable((signingKey) => loadIdentity({ service, signingKey })))
    .describe("the service's Ed25519 key, PKCS#8 DER in base64url"),
  PUBLIC_KEYS: z
    .string()
    .superRefine(loadable(loadKeyRing))
    .describe('everybody\'s public keys: {"<kid>": {"service", "publicKey"}}'),
  REPLICA: z
    .string()
    .max(200)
    .optional()
    .describe(
      'a name that no two living processes of the service share, e.g. of its pod; a new process under it takes over at once what its dead one had in hand',
    ),
  OTLP_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('a collector that takes OTLP over HTTP, e.g. http://127.0.0.1:4318; without it no spans are recorded'),
  MAX_TRIES: z.coerce
    .number()
    .int()
    .min(1)
    .default(9)
    .describe('how often an event is tried whose handler throws an unknown error, before it becomes a dead letter'),
  LOG_LEVEL: z.enum(logLevels).default('info').describe('the least level that is logged'),
});

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>;
type Parsed<Shape extends z.ZodRawShape> = {
  readonly [Key in keyof Shape & string as CamelCase<Key>]: z.infer<Shape[Key]>;
};

export type BaseConfig = Parsed<ReturnType<typeof baseOf>>;
export type Config<Shape extends z.ZodRawShape> = Readonly<BaseConfig & Parsed<Shape>>;

/**
 * Parses a service's environment once, at boot, into a frozen object: `MODEL_URL` in `shape` is `<SERVICE>_MODEL_URL` outside
 * and `modelUrl` inside. Give every key a `.describe()`; numbers are `z.coerce.number()`, switches `z.stringbool()`. An empty
 * variable counts as unset. Throws one `ConfigError` that names everything wrong, and shows no value.
 */
export function serviceConfig<Shape extends z.ZodRawShape>(
  service: ServiceName,
  shape: Shape,
  env: NodeJS.ProcessEnv,
): Config<Shape> {
  return parseEnvironment(service, { ...baseOf(service), ...shape }, env) as Config<Shape>;
}

/** Only what a service needs to reach its schema: for migrations, which run without a bus. */
export function databaseConfig(
  service: ServiceName,
  env: NodeJS.ProcessEnv,
): Pick<BaseConfig, 'databaseUrl' | 'logLevel'> {
  const { DATABASE_URL, LOG_LEVEL } = baseOf(service);
  return parseEnvironment(service, { DATABASE_URL, LOG_LEVEL }, env) as Pick<BaseConfig, 'databaseUrl' | 'logLevel'>;
}

function parseEnvironment(service: ServiceName, shape: z.ZodRawShape, env: NodeJS.ProcessEnv): Record<string, unknown> {
  const prefix = service.toUpperCase().replaceAll('-', '_');
  const given = Object.fromEntries(Object.keys(shape).map((key) => [key, env[`${prefix}_${key}`] || undefined]));
  const parsed = z.object(shape).safeParse(given);
  if (!parsed.success)
    throw new ConfigError(
      service,
      parsed.error.issues.map((issue) => describeIssue(issue, { prefix, shape, given })),
    );
  return Object.freeze(Object.fromEntries(Object.entries(parsed.data).map(([key, value]) => [camelCase(key), value])));
}

function camelCase(key: string): string {
  return key.toLowerCase().replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** What the bus will make of it, asked now, so that it is said together with everything else. Its errors show no secret. */
function loadable(load: (value: string) => unknown) {
  return (value: string, context: z.RefinementCtx): void => {
    try {
      load(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    }
  };
}
