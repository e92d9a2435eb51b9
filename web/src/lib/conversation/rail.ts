import type { Call, Run, Step } from '@skyflo/contracts';

type Verification = Run['verifications'][number];

/** One thing on a run's rail. Keys stay the same while an entry grows, so nothing is drawn anew. */
export type Entry =
  | { readonly kind: 'thought'; readonly key: string; readonly text: string; readonly ms: number | undefined }
  | { readonly kind: 'said'; readonly key: string; readonly text: string; readonly streaming: boolean }
  | { readonly kind: 'retrying'; readonly key: string; readonly step: Step }
  | { readonly kind: 'reads'; readonly key: string; readonly calls: readonly Call[] }
  | { readonly kind: 'change'; readonly key: string; readonly call: Call }
  | {
      readonly kind: 'verified';
      readonly key: string;
      readonly verification: Verification;
      readonly ms: number | undefined;
    }
  | { readonly kind: 'waits'; readonly key: string; readonly words: string }
  | { readonly kind: 'ended'; readonly key: string; readonly run: Run };

/** A run as it hangs on the rail: per step what was thought, said, looked at, changed and verified; then how it ended. */
export function toRail(run: Run): readonly Entry[] {
  const numbers = new Set([...run.steps, ...run.calls, ...run.verifications].map((each) => each.step));
  const entries = [...numbers].sort((a, b) => a - b).flatMap((number) => stepEntries(run, number));
  return [...entries, ...waiting(run, entries.at(-1)), ...ending(run)];
}

/** Calls that change something. A fold does not know a tool's class, but only changes are planned, approved and granted. */
export function isChange(call: Call): boolean {
  return (
    call.approval !== undefined ||
    call.grantId !== undefined ||
    call.status === 'planning' ||
    call.refusal !== undefined
  );
}

export function hasOpenDecision(run: Run): boolean {
  return run.calls.some(isOpen);
}

export function isOpen(call: Call): boolean {
  return call.status === 'waiting' && call.approval?.state === 'open';
}

function stepEntries(run: Run, number: number): Entry[] {
  const key = `${run.id}.${number}`;
  const step = run.steps.find((each) => each.step === number);
  const calls = run.calls.filter((call) => call.step === number && call.purpose === 'model');
  const reads = calls.filter((call) => !isChange(call));
  const entries: Entry[] = step ? modelEntries(step, key) : [];
  if (reads.length > 0) entries.push({ kind: 'reads', key: `${key}.reads`, calls: reads });
  for (const call of calls.filter(isChange)) entries.push({ kind: 'change', key: call.id, call });
  const verification = run.verifications.find((each) => each.step === number);
  if (verification)
    entries.push({ kind: 'verified', key: `${key}.verified`, verification, ms: watchedMs(calls, verification) });
  return entries;
}

function modelEntries(step: Step, key: string): Entry[] {
  const entries: Entry[] = [];
  const streaming = step.state === 'streaming';
  if (step.thinking !== '')
    entries.push({ kind: 'thought', key: `${key}.thought`, text: step.thinking, ms: thoughtMs(step) });
  if (step.text !== '') entries.push({ kind: 'said', key: `${key}.said`, text: step.text, streaming });
  if (step.state === 'retrying') entries.push({ kind: 'retrying', key: `${key}.retry`, step });
  return entries;
}

/** Undefined while the thought goes on. */
function thoughtMs(step: Step): number | undefined {
  const end = step.thinkingEndedAt ?? step.endedAt;
  return end === undefined ? undefined : Date.parse(end) - Date.parse(step.startedAt);
}

function watchedMs(calls: readonly Call[], verification: Verification): number | undefined {
  const ends = calls.flatMap((call) => (isChange(call) && call.endedAt ? [Date.parse(call.endedAt)] : []));
  return ends.length === 0 ? undefined : Date.parse(verification.verifiedAt) - Math.max(...ends);
}

/** While a run works and nothing on its rail shows it, one quiet line does. */
function waiting(run: Run, last: Entry | undefined): Entry[] {
  const key = `${run.id}.waits`;
  if (run.status === 'queued') return [{ kind: 'waits', key, words: 'About to begin…' }];
  if (run.status !== 'working') return [];
  if (last === undefined) return [{ kind: 'waits', key, words: 'Thinking…' }];
  if (run.stopRequested) return [{ kind: 'waits', key, words: 'Stopping…' }];
  if (last.kind === 'said' && last.streaming) return [];
  if (last.kind === 'thought' && last.ms === undefined) return [];
  if (last.kind === 'retrying' || (last.kind === 'reads' && last.calls.some(isRunning))) return [];
  if (last.kind === 'change' && last.call.status !== 'finished') return [];
  const verifying = run.calls.some((call) => call.purpose === 'verification' && isRunning(call));
  const unverified = last.kind === 'change' && !run.steps.some((step) => step.step > last.call.step);
  return [{ kind: 'waits', key, words: verifying || unverified ? 'Watching whether it took…' : 'Thinking…' }];
}

export function isRunning(call: Call): boolean {
  return ['requested', 'planning', 'passed', 'started'].includes(call.status);
}

function ending(run: Run): Entry[] {
  const isBad =
    run.status === 'failed' || run.status === 'stopped' || run.status === 'limited' || run.status === 'withdrawn';
  return isBad ? [{ kind: 'ended', key: `${run.id}.ended`, run }] : [];
}
