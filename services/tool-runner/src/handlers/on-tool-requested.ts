import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ToolRequested } from '@skyflo/contracts';
import { Intake } from './intake.ts';

@Controller()
export class OnToolRequested {
  constructor(private readonly intake: Intake) {}

  @OnEvent(ToolRequested)
  async handle(event: ToolRequested): Promise<void> {
    await this.intake.keep(event);
  }
}
