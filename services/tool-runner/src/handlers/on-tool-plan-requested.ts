import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ToolPlanRequested } from '@skyflo/contracts';
import { Intake } from './intake.ts';

@Controller()
export class OnToolPlanRequested {
  constructor(private readonly intake: Intake) {}

  @OnEvent(ToolPlanRequested)
  async handle(event: ToolPlanRequested): Promise<void> {
    await this.intake.keep(event);
  }
}
