import { Injectable } from '@nestjs/common';
import { Bus } from '@skyflo/bus';
import type { StreamName } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Streams } from '../domain/ports.ts';

/** A stream is made anew only by hand or after a total loss; looking every few seconds costs nothing and is soon enough. */
const keepMs = 5_000;

@Injectable()
export class BusStreams extends Streams {
  private readonly kept = new Map<StreamName, { incarnation: string; until: number }>();

  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {
    super();
  }

  async incarnation(stream: StreamName): Promise<string> {
    const now = this.clock.now().getTime();
    const kept = this.kept.get(stream);
    if (kept && now < kept.until) return kept.incarnation;
    const { incarnation } = await this.bus.streamState(stream);
    this.kept.set(stream, { incarnation, until: now + keepMs });
    return incarnation;
  }
}
