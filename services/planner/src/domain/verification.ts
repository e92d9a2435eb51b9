import { CallId, canonicalJson, type Check } from '@skyflo/contracts';
import { type Args, type CallResult, type CallView, checksOf, type Verifies } from './run-view.ts';

/** A cluster's message may be part of the line, and those have no end. */
const longestSentence = 300;

export type VerificationCall = { readonly tool: string; readonly args: Args; readonly verifies: Verifies };

/** The reads that show whether the finished writes of a step took, in the order of the writes. */
export function planVerification(writes: readonly CallView[]): VerificationCall[] {
  return writes.flatMap((write) =>
    checksOf(write).map(({ tool, args, expected, facts }) => ({
      tool,
      args,
      verifies: { callId: write.id, expected, facts },
    })),
  );
}

/** Expectation against observation, for the calls of a verification step that have been answered. */
export function compareChecks(calls: readonly CallView[]): Check[] {
  return calls.flatMap((call) => {
    if (call.verifies === null || call.result === null) return [];
    const { callId, expected, facts } = call.verifies;
    return [{ callId: CallId.parse(callId), expected, ...observe(facts, call.result) }];
  });
}

function observe(facts: Verifies['facts'], result: CallResult): Pick<Check, 'observed' | 'holds'> {
  const wanted = Object.entries(facts);
  if (result.outcome === 'finished') {
    const seen = result.facts ?? {};
    if (wanted.length === 0) return { observed: 'as expected', holds: true };
    return {
      observed:
        sentenceOf(facts, seen, result.text) ?? wanted.map(([name]) => `${name} = ${show(seen[name])}`).join(', '),
      holds: wanted.every(([name, value]) => name in seen && canonicalJson(seen[name]) === canonicalJson(value)),
    };
  }
  // A check that only needed to succeed has shown the opposite; one that compares values has shown nothing.
  if (result.outcome === 'failed')
    return { observed: result.failure.message, holds: wanted.length === 0 ? false : null };
  return { observed: result.outcome === 'refused' ? result.message : `the check was ${result.outcome}`, holds: null };
}

/** Where yes or no was all that was asked for, the tool's own first line says more than `done = true`. */
function sentenceOf(wanted: Verifies['facts'], seen: Verifies['facts'], text: string): string | undefined {
  const isYesOrNo = Object.keys(wanted).every((name) => typeof wanted[name] === 'boolean' && name in seen);
  const [line = ''] = text.split('\n', 1);
  return isYesOrNo && line !== '' ? line.slice(0, longestSentence) : undefined;
}

function show(value: unknown): string {
  return value === undefined ? 'not reported' : typeof value === 'string' ? value : canonicalJson(value);
}
