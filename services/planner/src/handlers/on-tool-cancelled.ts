import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ToolCancelled } from '@skyflo/contracts';
import { Closings } from './closings.ts';

/** The call never touched the cluster. */
@Controller()
export class OnToolCancelled {
  constructor(private readonly closings: Closings) {}

  @OnEvent(ToolCancelled)
  async handle(event: ToolCancelled): Promise<void> {
    await this.closings.close(event, { outcome: 'cancelled', reason: event.data.reason });
  }
}
