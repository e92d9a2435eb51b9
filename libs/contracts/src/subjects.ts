import type { CatalogEntry, QuestionEntry, StreamName } from './catalog.ts';

/** The run id of events that belong to a conversation as a whole. */
export const noRun = 'none';

/** The first token of a stream's subjects. */
export const prefixes = { RUNS: 'run', ORG: 'org', DEAD: 'dead' } as const satisfies Record<StreamName, string>;

/** `run.<conversationId>.<runId>.<noun>.<verb>.vN`, `org.<noun>.<verb>.vN` or `dead.<noun>.<verb>.vN`. Built here and nowhere else. */
export function subjectOf(entry: CatalogEntry, about: { conversationId?: string; runId?: string } = {}): string {
  if (entry.stream !== 'RUNS') return `${prefixes[entry.stream]}.${entry.event.type}`;
  if (about.conversationId === undefined) throw new TypeError(`${entry.event.type} belongs to a conversation`);
  return `run.${about.conversationId}.${about.runId ?? noRun}.${entry.event.type}`;
}

/** Matches one event type over all conversations and runs. */
export function subjectFilterOf(entry: CatalogEntry): string {
  return entry.stream === 'RUNS' ? `run.*.*.${entry.event.type}` : `${prefixes[entry.stream]}.${entry.event.type}`;
}

/** Matches everything of one conversation in the stream; with `live.` before it, the copy that is republished. */
export function conversationSubject(conversationId: string): string {
  return `run.${conversationId}.>`;
}

/** What a subject of the RUNS stream says; undefined for any other subject. */
export function fromRunSubject(
  subject: string,
): { conversationId: string; runId: string | undefined; type: string } | undefined {
  const match = /^run\.([^.]+)\.([^.]+)\.(.+)$/.exec(subject);
  if (!match) return undefined;
  const [, conversationId = '', runId, type = ''] = match;
  return { conversationId, runId: runId === noRun ? undefined : runId, type };
}

/** `ask.<service>.<name>.vN`. */
export function questionSubject(entry: QuestionEntry): string {
  return `ask.${entry.answeredBy}.${entry.question.name}`;
}
