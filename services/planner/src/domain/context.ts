import { loadToolset } from '@skyflo/contracts';
import { compareChecks } from './verification.ts';
import { callRefOf, type PromptMessage } from './prompt.ts';
import { callsOf, type CallView, type PastRun, type StepView } from './run-view.ts';
import { systemPrompt } from './system-prompt.ts';
import { tellResult, tellShortened } from './tell-result.ts';
import { tokensOf } from './tokens.ts';

/** What a run that ended without a last word says to the model of the next one. */
const endNotes: Readonly<Record<string, string>> = {
  stopped: '(The person stopped this run.)',
  failed: '(This run failed.)',
  limited: '(This run reached a limit and ended.)',
};
const omission = '(Earlier messages of this conversation were left out to save room.)';
/** An output that still has to be cut keeps at least this much at its head and at its tail. */
const leastEnd = 500;

/**
 * The conversation as the model reads it, within a number of tokens. `runs` are in the order of request; the last is the one
 * that is being worked on. What gives way, in this order: old outputs become one line, old runs go, the newest outputs are
 * cut in the middle. The newest message, and every call with its result, always stay.
 */
export function buildMessages(runs: readonly PastRun[], maxTokens: number): PromptMessage[] {
  const head: PromptMessage = { role: 'system', text: systemPrompt };
  let turns = runs.map(toMessages);
  let excess = tokensOf(head) + sum(turns.flat()) - maxTokens;
  if (excess <= 0) return [head, ...turns.flat()];
  turns = turns.map((turn, index) => {
    const unread =
      index === turns.length - 1 ? turn.findLastIndex((message) => message.role === 'assistant') : Infinity;
    return turn.map((message, at) => {
      if (excess <= 0 || message.role !== 'tool' || at > unread) return message;
      const short = shortened(message);
      excess -= tokensOf(message) - tokensOf(short);
      return short;
    });
  });
  const note: PromptMessage = { role: 'user', text: omission };
  let left = 0;
  while (excess > 0 && turns.length - left > 1) {
    excess -= sum(turns[left] ?? []) - (left === 0 ? tokensOf(note) : 0);
    left += 1;
  }
  const kept = turns.slice(left).flat();
  return [head, ...(left > 0 ? [note] : []), ...(excess > 0 ? cutOutputs(kept, excess) : kept)];
}

function toMessages(run: PastRun): PromptMessage[] {
  const messages: PromptMessage[] = [{ role: 'user', text: run.content }];
  for (const step of run.steps) if (step.kind === 'model') messages.push(...toAnswer(run, step));
  const note = run.endStatus === null ? undefined : endNotes[run.endStatus];
  if (note !== undefined) messages.push({ role: 'assistant', text: note, calls: [] });
  return messages;
}

function toAnswer(run: PastRun, step: StepView): PromptMessage[] {
  const calls = callsOf(run, step.step);
  const ref = (call: CallView): string => callRefOf(run.id, call.step, call.index);
  const checks = compareChecks(callsOf(run, step.step + 1));
  if (step.text === '' && calls.length === 0) return [];
  return [
    {
      role: 'assistant',
      text: step.text,
      calls: calls.map((call) => ({ ref: ref(call), tool: call.tool, args: call.args })),
    },
    ...calls.map((call): PromptMessage => {
      const own = checks.filter((check) => check.callId === call.id);
      return { role: 'tool', callRef: ref(call), text: tellResult(call.result, own) };
    }),
  ];
}

function shortened(message: PromptMessage): PromptMessage {
  const text = tellShortened(message.text);
  return text.length < message.text.length ? { ...message, text } : message;
}

/** Takes `excess` tokens out of the longest outputs, from their middle. */
function cutOutputs(messages: readonly PromptMessage[], excess: number): PromptMessage[] {
  const cut = [...messages];
  const longest = messages
    .map((message, index) => ({ message, index }))
    .filter(({ message }) => message.role === 'tool')
    .toSorted((a, b) => b.message.text.length - a.message.text.length);
  let left = excess * 4;
  for (const { message, index } of longest) {
    if (left <= 0) break;
    const keep = Math.max(2 * leastEnd, message.text.length - left);
    if (keep >= message.text.length) continue;
    left -= message.text.length - keep;
    const half = Math.floor(keep / 2);
    const text = `${message.text.slice(0, half)}\n… (the middle was left out to save room) …\n${message.text.slice(-half)}`;
    cut[index] = { ...message, text };
  }
  return cut;
}

function sum(messages: readonly PromptMessage[]): number {
  return messages.reduce((total, message) => total + tokensOf(message), 0);
}

/** The model has read what the cluster says: whatever it proposes from now on may have been put into its mouth. */
export function hasReadUntrustedText(runs: readonly PastRun[]): boolean {
  return runs.some((run) =>
    run.calls.some(({ tool, result }) => result?.outcome === 'finished' && tool !== loadToolset),
  );
}
