import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { RunStopRequested } from '@skyflo/contracts';
import { RunEnds } from './run-ends.ts';

@Controller()
export class OnRunStopRequested {
  constructor(private readonly runEnds: RunEnds) {}

  @OnEvent(RunStopRequested)
  async handle(event: RunStopRequested): Promise<void> {
    await this.runEnds.cancelOpen(event.runid ?? '');
  }
}
