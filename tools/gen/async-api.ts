import { catalog, questionSubject, questions, subjectFilterOf } from '@skyflo/contracts';
import { z } from 'zod';

/** `docs/asyncapi.json`: the catalog as an AsyncAPI 3.0 document, for tools that generate clients. */
export function toAsyncApi(): string {
  const channels = [
    ...catalog.map((entry) => channel(entry.event.type, subjectFilterOf(entry), entry.event.description)),
    ...questions.map((entry) => channel(entry.question.name, questionSubject(entry), entry.question.description)),
  ];
  const messages = [
    ...catalog.map(({ event }) => message(event.type, event.data)),
    ...questions.map(({ question }) => message(question.name, question.asked)),
  ];
  const operations = catalog.flatMap(({ event, from }) =>
    from.map((source) => [
      `${source}.sends.${event.type}`,
      { action: 'send', channel: { $ref: `#/channels/${event.type}` } },
    ]),
  );
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Skyflo', version: '1', license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(channels),
    operations: Object.fromEntries(operations),
    components: { messages: Object.fromEntries(messages) },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function channel(name: string, address: string, description: string) {
  return [name, { address, description, messages: { [name]: { $ref: `#/components/messages/${name}` } } }] as const;
}

function message(name: string, schema: z.ZodType) {
  const { $schema: _, ...payload } = z.toJSONSchema(schema, { unrepresentable: 'any' });
  return [name, { name, payload }] as const;
}
