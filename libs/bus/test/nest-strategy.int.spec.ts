import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Injectable,
  Module,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestMicroservice,
  type NestInterceptor,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ApprovalRequested,
  Failure,
  FindConversation,
  FindQueue,
  FindConversations,
  FindTools,
  GatePassed,
  GateRefused,
  LetterDied,
  LetterRedriveRequested,
  FindDeadLetter,
  FindDeadLetters,
  RunCompleted,
  RunRequested,
  RunStopRequested,
  ToolCancelled,
  ToolFailed,
  ToolFinished,
  ToolPlanRequested,
  ToolRequested,
  ToolUncertain,
  type AnswerOf,
  type EventDefinition,
  SendRunNow,
  WithdrawRun,
} from '@skyflo/contracts';
import type { Bus, EventContext, QuestionContext, RecordedEvent } from '@skyflo/bus';
import { Answers, JetStreamStrategy, OnEvent, OnStream } from '@skyflo/bus/nest';
import { startTestNats, type TestNats } from '@skyflo/testkit';
import { map, type Observable } from 'rxjs';
import { aLogger, aSealedStop, openAt, until } from './samples.ts';

const seen: { id: string; by: string; deliveryCount: number }[] = [];
const passes: string[] = [];
let failWith: Error | undefined;

@Injectable()
class Store {
  add(id: string, context: EventContext): void {
    seen.push({ id, by: 'store', deliveryCount: context.deliveryCount });
    if (failWith) throw failWith;
  }
}

class Guard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    passes.push(`guard ${context.getType()}`);
    return true;
  }
}
class Interceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    passes.push('interceptor');
    return next.handle().pipe(map((value: unknown) => value));
  }
}
class Pipe implements PipeTransform {
  transform(value: unknown): unknown {
    passes.push('pipe');
    return value;
  }
}

@Controller()
class OnRunStopRequested {
  constructor(private readonly store: Store) {}

  @UseGuards(new Guard())
  @UseInterceptors(new Interceptor())
  @UsePipes(new Pipe())
  @OnEvent(RunStopRequested)
  async handle(event: RunStopRequested, context: EventContext): Promise<void> {
    this.store.add(event.id, context);
  }
}

@Controller()
class AnswerFindTools {
  @Answers(FindTools)
  async handle(_asked: object, context: QuestionContext): Promise<AnswerOf<typeof FindTools>> {
    if (context.envelope.source === 'gate') throw Failure.terminal('NotForYou', 'not for the gate');
    return { tools: [], clusters: [] };
  }
}

/** A handler of one event that does nothing. */
function ignoring(definition: EventDefinition): Type {
  @Controller()
  class Ignore {
    @OnEvent(definition)
    async handle(): Promise<void> {
      return Promise.resolve();
    }
  }
  return Ignore;
}

@Controller()
class Record {
  @OnStream('RUNS')
  async runs(batch: readonly RecordedEvent[]): Promise<void> {
    seen.push(...batch.map(({ event }) => ({ id: event.id, by: 'record', deliveryCount: 1 })));
  }

  @OnStream('ORG')
  async org(): Promise<void> {
    return Promise.resolve();
  }

  @OnStream('DEAD')
  async dead(): Promise<void> {
    return Promise.resolve();
  }
}

function moduleOf(controllers: Type[]): Type {
  @Module({ controllers, providers: [Store] })
  class TestModule {}
  return TestModule;
}

const others = [ToolRequested, ToolPlanRequested, GatePassed, GateRefused, RunCompleted, LetterRedriveRequested].map(
  ignoring,
);

describe('the bus as a transport of Nest’s', () => {
  let nats: TestNats;
  let gateway: Bus;
  let bus: Bus;
  let app: INestMicroservice | undefined;
  const logger = aLogger();
  const start = async (service: 'tool-runner' | 'persistence' | 'planner', controllers: Type[]) => {
    bus = await nats.connect(service, { logger });
    app = await NestFactory.createMicroservice(moduleOf(controllers), {
      strategy: new JetStreamStrategy(bus),
      logger: false,
    });
    await app.listen();
  };

  beforeAll(async () => {
    nats = await startTestNats();
    gateway = await nats.connect('gateway');
  }, 30_000);
  afterEach(async () => {
    failWith = undefined;
    seen.length = 0;
    await app?.close();
    app = undefined;
    await bus.close();
  });
  afterAll(async () => {
    await gateway.close();
    await nats.stop();
  });

  it('hands events to controllers, through guards, interceptors and pipes, with both arguments', async () => {
    await start('tool-runner', [OnRunStopRequested, AnswerFindTools, ...others]);
    const event = aSealedStop(nats);
    await gateway.publish([event]);
    await until(() => seen.length > 0);
    expect(seen).toEqual([{ id: event.id, by: 'store', deliveryCount: 1 }]);
    expect(passes).toEqual(['guard rpc', 'interceptor', 'pipe', 'pipe']);
  });

  it('answers questions, and brings failures back as they were thrown', async () => {
    await start('tool-runner', [OnRunStopRequested, AnswerFindTools, ...others]);
    expect(await gateway.ask(FindTools, {})).toEqual({ tools: [], clusters: [] });
    const gate = await nats.connect('gate');
    await expect(gate.ask(FindTools, {})).rejects.toMatchObject({ code: 'NotForYou', message: 'not for the gate' });
    await gate.close();
  });

  it('lets what a handler throws decide what becomes of the event', async () => {
    await start('tool-runner', [OnRunStopRequested, AnswerFindTools, ...others]);
    failWith = Failure.retryable('NotYet', 'not yet', { afterMs: 50 });
    await gateway.publish([aSealedStop(nats)]);
    await until(() => seen.length > 0);
    failWith = Failure.terminal('Nonsense', 'nonsense');
    await until(async () => (await openAt(nats, 'RUNS', 'tool-runner-run-stop-requested-v1')) === 0);
    expect(logger.said.some(({ pairs }) => pairs['code'] === 'Nonsense')).toBe(true);
  });

  it('hands batches of a stream to the recorder', async () => {
    await start('persistence', [Record, answerNothing(), ignoring(LetterRedriveRequested)]);
    const event = aSealedStop(nats);
    await gateway.publish([event]);
    await until(() => seen.some(({ id, by }) => id === event.id && by === 'record'));
  });

  it('fails at the start with everything that is missing or too much, in one error', async () => {
    const error = await start('planner', [
      OnRunStopRequested,
      AnswerFindTools,
      ...[RunRequested, ToolFinished, ToolFailed, ToolUncertain, GateRefused, RunCompleted].map(ignoring),
      ...[ToolFinished, LetterDied, LetterRedriveRequested].map(ignoring),
    ]).catch((thrown: unknown) => String(thrown));
    expect(error).toBe(
      [
        'Error: planner cannot listen:',
        `- no handler for event ${ToolCancelled.type}, which the catalog has planner take`,
        `- no handler for event ${ApprovalRequested.type}, which the catalog has planner take`,
        ...[FindQueue, WithdrawRun, SendRunNow].map(
          ({ name }) => `- no handler for question ${name}, which the catalog has planner take`,
        ),
        '- a handler for question find-tools.v1, which the catalog does not have planner take',
        `- a handler for event ${RunCompleted.type}, which the catalog does not have planner take`,
        `- more than one handler for event ${ToolFinished.type}`,
      ].join('\n'),
    );
  });
});

function answerNothing(): Type {
  @Controller()
  class AnswerConversations {
    @Answers(FindConversation)
    async one(): Promise<AnswerOf<typeof FindConversation>> {
      return { conversation: null, streamSequence: 0 };
    }

    @Answers(FindDeadLetters)
    async letters(): Promise<AnswerOf<typeof FindDeadLetters>> {
      return { items: [] };
    }

    @Answers(FindDeadLetter)
    async letter(): Promise<AnswerOf<typeof FindDeadLetter>> {
      return { letter: null, closed: false };
    }

    @Answers(FindConversations)
    async many(): Promise<AnswerOf<typeof FindConversations>> {
      return { items: [] };
    }
  }
  return AnswerConversations;
}
