import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { RunCompleted } from '@skyflo/contracts';
import { RunEnds } from './run-ends.ts';

/** A run that fails may leave calls open; one that was completed has waited for all of its own, so nothing is written for it. */
@Controller()
export class OnRunCompleted {
  constructor(private readonly runEnds: RunEnds) {}

  @OnEvent(RunCompleted)
  async handle(event: RunCompleted): Promise<void> {
    if (event.data.status !== 'completed') await this.runEnds.cancelOpen(event.runid ?? '');
  }
}
