import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ToolFinished } from '@skyflo/contracts';
import { Closings } from './closings.ts';

/** The answer of a read, or a write that happened, with the checks that show whether it took. */
@Controller()
export class OnToolFinished {
  constructor(private readonly closings: Closings) {}

  @OnEvent(ToolFinished)
  async handle(event: ToolFinished): Promise<void> {
    const { text, truncated, facts, checks } = event.data;
    await this.closings.close(event, { outcome: 'finished', text, truncated, facts, checks });
  }
}
