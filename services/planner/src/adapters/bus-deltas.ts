import { Injectable } from '@nestjs/common';
import { Bus } from '@skyflo/bus';
import { ModelDelta, newId } from '@skyflo/contracts';
import { Deltas } from '../domain/ports.ts';

@Injectable()
export class BusDeltas extends Deltas {
  constructor(private readonly bus: Bus) {
    super();
  }

  send(run: { id: string; conversationId: string }, data: ModelDelta['data']): void {
    this.bus.delta(ModelDelta, { conversationId: run.conversationId, runId: run.id, id: newId(), data });
  }
}
