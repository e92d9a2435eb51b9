import {
  catalog,
  type EventDefinition,
  questionSubject,
  questions,
  type ServiceName,
  subjectFilterOf,
  toPublicView,
} from '@skyflo/contracts';
import { readFileSync } from 'node:fs';
import { fieldsOf } from './fields.ts';

/** `docs/events.md`: every event and question with emitter, listeners, members and an example, for people who build on the stream. */
export function toEventsPage(): string {
  return `${[
    '# Events and questions',
    '',
    'Generated from `libs/contracts/src/catalog.ts` by `npm run gen`; do not edit.',
    '',
    'Every event is a CloudEvent 1.0 in JSON on NATS JetStream, signed by the service that emitted it. Subscribers outside (server-sent events, webhooks, exports) get its **public view**: the same without `kid`, `sig`, `traceparent` and the members marked *inside*. `sequence` counts per source and run from 1; a gap means that an event is missing. Deltas are unsigned, short-lived and always repeated whole in an event that follows.',
    '',
    '| event | stream | from | to |',
    '|---|---|---|---|',
    ...catalog.map(
      ({ event, stream, from, to }) =>
        `| [${event.type}](#${anchor(event.type)}) | ${stream} | ${from.join(', ')} | ${listeners(event, to).join(', ')} |`,
    ),
    '',
    ...catalog.flatMap((entry) => [
      `## ${entry.event.type}`,
      '',
      entry.event.description,
      '',
      `Subject \`${subjectFilterOf(entry)}\`${entry.event.kind === 'delta' ? ' (a delta: no `sequence`, no signature)' : ''}.`,
      '',
      ...fieldsOf(entry.event.data, entry.event.internal),
      '',
      '<details><summary>Example (public view)</summary>',
      '',
      '```json',
      JSON.stringify(toPublicView(fixture(entry.event.type)), null, 2),
      '```',
      '',
      '</details>',
      '',
    ]),
    '# Questions',
    '',
    'Signed request and signed answer over NATS, 2 s, one answer from any replica of the service.',
    '',
    ...questions.flatMap((entry) => [
      `## ${entry.question.name}`,
      '',
      entry.question.description,
      '',
      `Subject \`${questionSubject(entry)}\`, answered by ${entry.answeredBy}, asked by ${entry.askedBy.join(', ')}.`,
      '',
      'Asked:',
      '',
      ...fieldsOf(entry.question.asked),
      '',
      'Answer:',
      '',
      ...fieldsOf(entry.question.answer),
      '',
    ]),
  ].join('\n')}\n`;
}

/** Persistence reads the streams whole, but for deltas. */
function listeners(event: EventDefinition, to: readonly ServiceName[]): readonly string[] {
  return event.kind === 'delta' ? ['whoever looks on'] : [...to, 'persistence'];
}

function anchor(type: string): string {
  return type.replaceAll('.', '');
}

function fixture(type: string) {
  return JSON.parse(readFileSync(new URL(`../../libs/contracts/fixtures/${type}.json`, import.meta.url), 'utf8'));
}
