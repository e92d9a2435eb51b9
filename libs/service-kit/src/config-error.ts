import type { z } from 'zod';

/** `EX_CONFIG` of sysexits.h: starting again with the same environment is of no use. */
export const configExitCode = 78;

/** Everything that is wrong with a service's environment, in one message for the person who wrote it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(service: string, problems: readonly string[]) {
    super(
      [`${service} cannot start with this configuration:`, ...problems.map((problem) => `  ${problem}`)].join('\n'),
    );
    // It is not the code that is wrong.
    this.stack = this.message;
  }
}

type Variables = { readonly prefix: string; readonly shape: z.ZodRawShape; readonly given: Record<string, unknown> };

/** `GATE_PORT is not set (the port to listen on)`. The value is never shown: it may be a secret. */
export function describeIssue(issue: z.core.$ZodIssue, { prefix, shape, given }: Variables): string {
  const [key = '', ...inside] = issue.path.map(String);
  const meaning = meaningOf(shape[key]);
  const where = inside.length === 0 ? '' : ` at ${inside.join('.')}`;
  const problem = given[key] === undefined ? 'is not set' : `is wrong${where}: ${problemOf(issue)}`;
  return `${prefix}_${key} ${problem}${meaning === undefined ? '' : ` (${meaning})`}`;
}

function problemOf(issue: z.core.$ZodIssue): string {
  const text = issue.message.replace(/^Invalid input: /, '').replace(/, received NaN$/, '');
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The description may be on the schema or on the one that a default or an optional wraps. */
function meaningOf(schema: z.core.$ZodType | undefined): string | undefined {
  for (let one: unknown = schema; isSchema(one); one = one._zod.def.innerType) {
    if (one.description !== undefined) return one.description;
  }
  return undefined;
}

type Described = { readonly description?: string; readonly _zod: { readonly def: { readonly innerType?: unknown } } };

function isSchema(value: unknown): value is Described {
  return typeof value === 'object' && value !== null && '_zod' in value;
}
