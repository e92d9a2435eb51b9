import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { RunCompleted } from '@skyflo/contracts';
import { RunEnds } from './run-ends.ts';

/** A run that failed may end with calls open; of any other nothing is left. */
@Controller()
export class OnRunCompleted {
  constructor(private readonly runEnds: RunEnds) {}

  @OnEvent(RunCompleted)
  async handle(event: RunCompleted): Promise<void> {
    await this.runEnds.cancelOpen(event.runid ?? '');
  }
}
