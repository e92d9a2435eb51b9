/** One tool use as the model was told of it. */
export type ToolResult = {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly status: 'finished' | 'failed' | 'refused' | 'cancelled' | 'uncertain';
  /** The output of a finished call, or why there is none. */
  readonly text: string;
  /** Named lines of the head: `code`, `message`, `by`, `reason`, `seen`, `next`, … */
  readonly fields: Readonly<Record<string, string>>;
  /** After a write: what was expected and what was seen, a line each. */
  readonly verification: readonly string[];
};

const statuses = ['finished', 'failed', 'refused', 'cancelled', 'uncertain'] as const;

/**
 * Reads a tool message: a head of `name: value` lines beginning with `status`, the output between `<output>` marks, checks
 * under `verification:`. A message without such a head counts as plain output, so that other clients can use the rules too.
 */
export function readToolResult(tool: string, args: Readonly<Record<string, unknown>>, content: string): ToolResult {
  const output = /<output[^>]*>\n?([\s\S]*?)\n?<\/output>/.exec(content);
  const around = output ? content.replace(output[0], '') : content;
  const fields = Object.fromEntries(
    [...around.matchAll(/^([a-z]+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value.trim()]),
  );
  const status = statuses.find((known) => known === fields['status']);
  if (status === undefined) return { tool, args, status: 'finished', text: content, fields: {}, verification: [] };
  const checks = /^verification:.*\n((?:- .*\n?)+)/m.exec(around)?.[1] ?? '';
  return {
    tool,
    args,
    status,
    text: output?.[1] ?? fields['message'] ?? fields['reason'] ?? around.trim(),
    fields,
    verification: checks
      .split('\n')
      .map((line) => line.replace(/^- /, '').trim())
      .filter((line) => line !== ''),
  };
}
