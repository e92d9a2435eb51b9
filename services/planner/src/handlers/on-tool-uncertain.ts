import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ToolUncertain } from '@skyflo/contracts';
import { Closings } from './closings.ts';

/** Nobody can tell whether the write happened; the model has to say so. */
@Controller()
export class OnToolUncertain {
  constructor(private readonly closings: Closings) {}

  @OnEvent(ToolUncertain)
  async handle(event: ToolUncertain): Promise<void> {
    const { sent, seen, next } = event.data;
    await this.closings.close(event, { outcome: 'uncertain', sent, seen, next });
  }
}
