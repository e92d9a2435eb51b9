import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Bus } from '@skyflo/bus';
import { ApprovalList, CallId, DecideApproval, FindApprovals, NewDecision } from '@skyflo/contracts';
import { z } from 'zod';
import { approvalsOf } from '../domain/access.ts';
import { NeedsRole } from './access.decorator.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { refusalOf } from './decision-problem.ts';

const ApprovalsQuery = z.object({ status: z.literal('pending').default('pending') });
type ApprovalsQuery = z.infer<typeof ApprovalsQuery>;
const DecisionAccepted = z.object({ callId: CallId }).meta({ id: 'DecisionAccepted' });
type DecisionAccepted = z.infer<typeof DecisionAccepted>;

@ApiTags('approvals')
@Controller('approvals')
export class ApprovalsController {
  constructor(private readonly bus: Bus) {}

  @Get()
  @ApiOkResponse({ standardSchema: ApprovalList })
  async list(
    @CurrentCaller() { person }: Caller,
    @Query({ schema: ApprovalsQuery }) { status }: ApprovalsQuery,
  ): Promise<ApprovalList> {
    return this.bus.ask(FindApprovals, { status, ...approvalsOf(person) });
  }

  @NeedsRole('approver')
  @Post(':callId/decision')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: DecisionAccepted })
  async decide(
    @CurrentCaller() { person }: Caller,
    @Param('callId', { schema: CallId }) callId: CallId,
    @Body({ schema: NewDecision }) wanted: NewDecision,
  ): Promise<DecisionAccepted> {
    const refusal = refusalOf(await this.bus.ask(DecideApproval, { callId, person, ...wanted }));
    if (refusal) throw refusal;
    return { callId };
  }
}
