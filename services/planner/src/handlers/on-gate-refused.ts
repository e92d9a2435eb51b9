import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { GateRefused } from '@skyflo/contracts';
import { Closings } from './closings.ts';

/** A person or a policy said no; the model is told who and why. */
@Controller()
export class OnGateRefused {
  constructor(private readonly closings: Closings) {}

  @OnEvent(GateRefused)
  async handle(event: GateRefused): Promise<void> {
    const { why, message, by, reason } = event.data;
    await this.closings.close(event, { outcome: 'refused', why, message, by, reason });
  }
}
