import { Injectable } from '@nestjs/common';
import { Bus } from '@skyflo/bus';
import { CallId, newId, ToolProgressed } from '@skyflo/contracts';
import type { Call } from '../domain/ports.ts';
import { Progress } from '../domain/progress.ts';

@Injectable()
export class BusProgress extends Progress {
  constructor(private readonly bus: Bus) {
    super();
  }

  override tell({ callId, conversationId, runId }: Call, n: number, text: string): void {
    this.bus.delta(ToolProgressed, {
      conversationId,
      runId,
      id: newId(),
      data: { callId: CallId.parse(callId), n, text },
    });
  }
}
