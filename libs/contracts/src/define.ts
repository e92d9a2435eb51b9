import type { z } from 'zod';
import type { Envelope } from './envelope.ts';

/** The closed list of what an event can be about. */
export const nouns = ['conversation', 'person', 'token', 'run', 'model', 'tool', 'gate', 'approval', 'letter'] as const;
export type Noun = (typeof nouns)[number];
/** `noun.past-participle.vN`: one string, typed here and nowhere else. */
export type EventType = `${Noun}.${string}.v${number}`;

export type EventDefinition<Type extends EventType = EventType, Data extends z.ZodType = z.ZodType> = {
  readonly kind: 'event' | 'delta';
  readonly type: Type;
  readonly data: Data;
  readonly description: string;
  /** Top-level members of `data` that stay inside: they are not in the public view. */
  readonly internal: readonly string[];
};

type Definition<Type, Data> = {
  readonly type: Type;
  readonly data: Data;
  /** When it is emitted and how often per run; generated into `docs/events.md`. */
  readonly description: string;
  readonly internal?: readonly string[];
};

/** A signed, durable statement of what happened. The constant is its schema, its type and its name at once. */
export function defineEvent<const Type extends EventType, Data extends z.ZodType>(
  definition: Definition<Type, Data>,
): EventDefinition<Type, Data> {
  return { kind: 'event', internal: [], ...definition };
}

/** Streamed text: unsigned, short-lived, always repeated whole in an event that follows. */
export function defineDelta<const Type extends EventType, Data extends z.ZodType>(
  definition: Definition<Type, Data>,
): EventDefinition<Type, Data> {
  return { kind: 'delta', internal: [], ...definition };
}

export type DataOf<E extends { readonly data: z.ZodType }> = z.infer<E['data']>;
export type EventOf<E extends EventDefinition> = E extends EventDefinition
  ? Envelope<E['type'], z.infer<E['data']>>
  : never;

export type QuestionDefinition<
  Name extends string = string,
  Asked extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> = {
  readonly kind: 'question';
  /** Kebab-case with version, e.g. `decide-approval.v1`; the envelope's `type`, answers add `.answer` before the version. */
  readonly name: Name;
  readonly asked: Asked;
  readonly answer: Answer;
  readonly description: string;
};

/** A signed request over the bus with one signed answer. */
export function defineQuestion<
  const Name extends `${string}.v${number}`,
  Asked extends z.ZodType,
  Answer extends z.ZodType,
>(definition: Omit<QuestionDefinition<Name, Asked, Answer>, 'kind'>): QuestionDefinition<Name, Asked, Answer> {
  return { kind: 'question', ...definition };
}

export type AskedOf<Q extends QuestionDefinition> = z.infer<Q['asked']>;
export type AnswerOf<Q extends QuestionDefinition> = z.infer<Q['answer']>;
