import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ApprovalRequested } from '@skyflo/contracts';
import { Closings } from './closings.ts';

/** The call waits for a person: meanwhile the next message of the conversation may have its turn. */
@Controller()
export class OnApprovalRequested {
  constructor(private readonly closings: Closings) {}

  @OnEvent(ApprovalRequested)
  async handle(event: ApprovalRequested): Promise<void> {
    await this.closings.wait(event);
  }
}
