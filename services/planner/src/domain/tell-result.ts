import { assertNever, type Check } from '@skyflo/contracts';
import type { CallResult } from './run-view.ts';

/**
 * A tool's result as the model reads it: a head of `name: value` lines, the output between marks because it is data that a
 * stranger may have written, and what was checked afterwards.
 */
export function tellResult(result: CallResult | null, checks: readonly Check[] = []): string {
  if (result === null)
    return lines('status: open', 'message: This call has no result yet; it may be waiting for a person.');
  switch (result.outcome) {
    case 'finished':
      return lines(
        'status: finished',
        result.truncated && 'truncated: the middle was left out',
        delimit(result.text),
        tellChecks(checks),
      );
    case 'failed':
    case 'rejected': {
      const { code, message, hint } = result.failure;
      return lines('status: failed', `code: ${code}`, `message: ${oneLine(message)}`, hint && `hint: ${oneLine(hint)}`);
    }
    case 'cancelled':
      return lines('status: cancelled', `reason: ${oneLine(result.reason)}`, 'Nothing was changed by this call.');
    case 'uncertain': {
      const { sent, seen, next } = result;
      return lines('status: uncertain', `sent: ${oneLine(sent)}`, `seen: ${oneLine(seen)}`, `next: ${oneLine(next)}`);
    }
    case 'refused': {
      const { why, message, by, reason } = result;
      return lines(
        'status: refused',
        `why: ${why}`,
        by && `by: ${by.email}`,
        `message: ${oneLine(message)}`,
        reason && `reason: ${oneLine(reason)}`,
        'Nothing was changed by this call.',
      );
    }
    default:
      return assertNever(result, 'result');
  }
}

/** What is left of an old output when there is no room for it. */
export function tellShortened(text: string): string {
  const status = /^status: .*$/m.exec(text)?.[0] ?? 'status: finished';
  return lines(
    status,
    `message: ${text.length} characters of output were left out to save room; call the tool again to see them.`,
  );
}

function tellChecks(checks: readonly Check[]): string | false {
  if (checks.length === 0) return false;
  const words = (holds: boolean | null): string =>
    holds === null ? 'could not be checked' : holds ? 'holds' : 'does not hold';
  const rows = checks.map(
    ({ holds, expected, observed }) =>
      `- ${words(holds)}: expected ${oneLine(expected)}; observed ${oneLine(observed)}`,
  );
  return lines('verification:', ...rows);
}

/** The closing mark inside the output is made harmless, or a log line could pretend that the data ends there. */
function delimit(text: string): string {
  return `<output>\n${text.replaceAll(/<(?=\/?output\b)/gi, '‹')}\n</output>`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}

function lines(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join('\n');
}
