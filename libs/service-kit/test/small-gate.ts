import { Controller, Get, Inject, Module } from '@nestjs/common';
import { Answers, OnEvent } from '@skyflo/bus/nest';
import {
  DecideApproval,
  FindApprovals,
  GateRefused,
  RunCompleted,
  RunStopRequested,
  ToolFailed,
  ToolPlanned,
  ToolRequested,
} from '@skyflo/contracts';
import type { AnswerOf } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { Clock, CONFIG, serviceConfig } from '../src/index.ts';

/** A gate that refuses everything: one row and one event per tool that is requested. */
export const loadConfig = (env: NodeJS.ProcessEnv) =>
  serviceConfig('gate', { REFUSAL: z.string().default('Not today.').describe('what is said of every call') }, env);
export type SmallConfig = ReturnType<typeof loadConfig>;

export class Calls1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table calls (id text primary key, seen_at timestamptz not null)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table calls');
  }
}

@Controller()
export class OnToolRequested {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: SmallConfig,
  ) {}

  @OnEvent(ToolRequested)
  async handle({ id, conversationid, runid, data }: ToolRequested): Promise<void> {
    await this.store.transaction(async (tx) => {
      const inserted = await tx.query('insert into calls values ($1, $2) on conflict do nothing returning id', [
        data.callId,
        this.clock.now(),
      ]);
      if (inserted.length === 0) return;
      await tx.emit(GateRefused, {
        conversationId: conversationid,
        runId: runid,
        causationId: id,
        data: { callId: data.callId, why: 'policy', message: this.config.refusal },
      });
    });
  }
}

@Controller()
export class OnTheRest {
  @OnEvent(ToolPlanned)
  async planned(): Promise<void> {}
  @OnEvent(ToolFailed)
  async failed(): Promise<void> {}
  @OnEvent(RunStopRequested)
  async stopRequested(): Promise<void> {}
  @OnEvent(RunCompleted)
  async completed(): Promise<void> {}
}

@Controller()
export class AnswerQuestions {
  @Answers(FindApprovals)
  async findApprovals(): Promise<AnswerOf<typeof FindApprovals>> {
    return { items: [] };
  }
  @Answers(DecideApproval)
  async decideApproval(): Promise<AnswerOf<typeof DecideApproval>> {
    return { outcome: 'unknown', message: 'There is nothing to decide.' };
  }
}

@Controller('calls')
export class CallsController {
  constructor(private readonly store: Store) {}

  @Get()
  calls(): Promise<{ id: string }[]> {
    return this.store.query('select id from calls order by id');
  }
}

@Module({ controllers: [OnToolRequested, OnTheRest, AnswerQuestions, CallsController] })
export class SmallGateModule {}

@Module({ controllers: [OnToolRequested, AnswerQuestions] })
export class ForgetfulModule {}
