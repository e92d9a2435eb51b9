import 'reflect-metadata';
import { Catch, type ExceptionFilter } from '@nestjs/common';
import { EXCEPTION_FILTERS_METADATA } from '@nestjs/common/constants.js';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';
import type { AnswerOf, AskedOf, EventDefinition, EventOf, QuestionDefinition, StreamName } from '@skyflo/contracts';
import { throwError, type Observable } from 'rxjs';
import type { EventContext } from '../consume/consume-event.ts';
import type { RecordContext, RecordedEvent } from '../consume/record-stream.ts';
import type { QuestionContext } from '../questions/answer.ts';
import { jetStreamTransport, patternOf } from './listening.ts';

/** A decorator for methods of one shape; a method with another is a type error where it is written. */
export type HandlerDecorator<Handler extends (...args: never[]) => Promise<unknown>> = <H extends Handler>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<H>,
) => void;

/** `@OnEvent(ToolRequested) async handle(event: ToolRequested, context: EventContext)`: see `Bus.consume`. */
export function OnEvent<D extends EventDefinition>(
  definition: D,
): HandlerDecorator<(event: EventOf<D>, context: EventContext) => Promise<void>> {
  return listening(EventPattern(patternOf.event(definition.type), jetStreamTransport) as MethodDecorator);
}

/** `@Answers(FindTools) async handle(asked: AskedOf<typeof FindTools>, context: QuestionContext)`: see `Bus.answer`. */
export function Answers<Q extends QuestionDefinition>(
  question: Q,
): HandlerDecorator<(asked: AskedOf<Q>, context: QuestionContext) => Promise<AnswerOf<Q>>> {
  return listening(MessagePattern(patternOf.question(question.name), jetStreamTransport) as MethodDecorator);
}

/** `@OnStream('RUNS') async handle(batch: readonly RecordedEvent[], context: RecordContext)`: see `Bus.consumeStream`. */
export function OnStream(
  stream: StreamName,
): HandlerDecorator<(batch: readonly RecordedEvent[], context: RecordContext) => Promise<void>> {
  return listening(EventPattern(patternOf.stream(stream), jetStreamTransport) as MethodDecorator);
}

/**
 * Lets errors through as they were thrown: whether trying again can help is written in them, and Nest's own filter would
 * make every one of them "Internal server error". It stands behind the method's own filters.
 */
@Catch()
class ErrorsAsThrown implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

function listening(register: MethodDecorator): MethodDecorator {
  return (target, key, descriptor) => {
    register(target, key, descriptor);
    passBothArguments(target, key);
    const method = descriptor.value as object;
    const filters: unknown[] = Reflect.getMetadata(EXCEPTION_FILTERS_METADATA, method) ?? [];
    // The last of them is asked first.
    Reflect.defineMetadata(EXCEPTION_FILTERS_METADATA, [new ErrorsAsThrown(), ...filters], method);
  };
}

/** Without parameter decorators Nest passes only the first argument on, as soon as a pipe is there. */
function passBothArguments(target: object, key: string | symbol): void {
  if (Reflect.getMetadata(PARAM_ARGS_METADATA, target.constructor, key) !== undefined) return;
  Payload()(target, key, 0);
  Ctx()(target, key, 1);
}
