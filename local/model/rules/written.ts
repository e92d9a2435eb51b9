import type { Answer } from '../protocol.ts';
import type { ToolResult } from './tool-result.ts';

/** The closing words after a write that happened: what the tool said, then what was checked. */
export function summariseWrite(result: ToolResult, what: string): Answer {
  const missed = result.verification.filter((line) => !line.startsWith('holds'));
  const head = missed.length === 0 ? `**Done:** ${what}.` : `**${what}, but not everything is as expected yet.**`;
  const checks = result.verification.map(
    (line) => `- ${line.startsWith('holds') ? '✓' : '✗'} ${line.replace(/^[a-z ]+: /, '')}`,
  );
  const text = [head, result.text.trim(), checks.length > 0 ? `Checked after the change:\n\n${checks.join('\n')}` : ''];
  return { text: text.filter((part) => part !== '').join('\n\n') };
}
