import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { GatePassed } from '@skyflo/contracts';
import { Intake } from './intake.ts';

@Controller()
export class OnGatePassed {
  constructor(private readonly intake: Intake) {}

  @OnEvent(GatePassed)
  async handle(event: GatePassed): Promise<void> {
    await this.intake.keep(event);
  }
}
