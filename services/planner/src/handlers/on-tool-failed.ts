import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ToolFailed } from '@skyflo/contracts';
import { Closings } from './closings.ts';

/** The tool could not do it; the model is told why. */
@Controller()
export class OnToolFailed {
  constructor(private readonly closings: Closings) {}

  @OnEvent(ToolFailed)
  async handle(event: ToolFailed): Promise<void> {
    await this.closings.close(event, { outcome: 'failed', failure: event.data.failure });
  }
}
