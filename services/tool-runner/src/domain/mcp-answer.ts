import { assertNever, type JsonObject } from '@skyflo/contracts';
import type { Ending } from './own-runs.ts';

/** A tool's result as MCP has it. */
export type McpAnswer = {
  content: { type: 'text'; text: string }[];
  structuredContent: JsonObject;
  isError?: true;
};

/** What the client, and the model behind it, is told: what happened, what was not done, and what can be done. */
export function toMcpAnswer(ending: Ending): McpAnswer {
  switch (ending.outcome) {
    case 'finished':
      return finished(ending);
    case 'failed': {
      const { failure, ...rest } = ending;
      const hint = failure.hint === undefined ? '' : ` ${failure.hint}`;
      return error({ ...rest, failure }, `${failure.code}: ${failure.message}${hint}`);
    }
    case 'refused':
      return error(ending, `${ending.message} ${afterRefusal[ending.why]}`);
    case 'cancelled':
      return error(ending, `${ending.reason} Call the tool again if it is still wanted.`);
    case 'uncertain':
      return error(
        ending,
        `It is uncertain whether this happened. ${ending.sent} ${ending.seen} ${ending.next} Do not call the tool again before that is known.`,
      );
    default:
      return assertNever(ending);
  }
}

const afterRefusal = {
  policy: 'Calling it again changes nothing.',
  person: 'Do not try again unless they ask for it; ask them what they would rather have.',
  expired: 'Call the tool again when somebody is there to decide.',
  withdrawn: 'Call the tool again if it is still wanted.',
} as const;

function finished({ text, truncated, checks = [], ...rest }: Extract<Ending, { outcome: 'finished' }>): McpAnswer {
  const said = [
    text,
    truncated && '[The middle was left out. Ask for less to see it.]',
    ...checks.map(
      ({ tool, args, expected }) => `To see whether it took (${expected}): ${tool} ${JSON.stringify(args)}`,
    ),
  ];
  return {
    content: [{ type: 'text', text: said.filter((part) => typeof part === 'string').join('\n') }],
    structuredContent: plain({ ...rest, truncated, ...(checks.length > 0 ? { checks } : {}) }),
  };
}

function error(ending: object, text: string): McpAnswer {
  return { content: [{ type: 'text', text }], structuredContent: plain(ending), isError: true };
}

/** As it is on the wire: nothing undefined, nothing that is no JSON. */
function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
