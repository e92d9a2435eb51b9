import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ToolFailed } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { Calls } from '../domain/ports.ts';

/** A call that could not be planned was closed by the tool-runner; nobody is asked about it any more. */
@Controller()
export class OnToolFailed {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
  ) {}

  @OnEvent(ToolFailed)
  async handle(event: ToolFailed): Promise<void> {
    await this.store.transaction(async (tx) => {
      const call = await this.calls.lock(tx, event.data.callId);
      if (call?.state === 'planning') this.calls.move(tx, call.callId, 'closed');
    });
  }
}
