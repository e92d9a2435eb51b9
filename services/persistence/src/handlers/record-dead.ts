import { Controller } from '@nestjs/common';
import type { RecordContext, RecordedEvent } from '@skyflo/bus';
import { OnStream } from '@skyflo/bus/nest';
import { Recorder } from './recorder.ts';

@Controller()
export class RecordDead {
  constructor(private readonly recorder: Recorder) {}

  @OnStream('DEAD')
  async handle(batch: readonly RecordedEvent[], context: RecordContext): Promise<void> {
    await this.recorder.record('DEAD', batch, context.lastSequence);
  }
}
