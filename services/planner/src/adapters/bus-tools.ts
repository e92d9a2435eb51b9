import { Injectable } from '@nestjs/common';
import { Bus } from '@skyflo/bus';
import { FindTools } from '@skyflo/contracts';
import { Clock, Logger } from '@skyflo/service-kit';
import { type ToolList, Tools } from '../domain/ports.ts';

const freshMs = 10_000;

/**
 * The tool-runner's tools. A list that is there is given at once and renewed behind the caller's back when it is old: a model
 * call does not wait for the tool-runner, and a tool-runner that is restarting costs nobody their run.
 */
@Injectable()
export class BusTools extends Tools {
  private known: { list: ToolList; at: number } | undefined;
  private asking: Promise<ToolList> | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    super();
  }

  async current(): Promise<ToolList> {
    const known = this.known;
    if (known === undefined) return this.renew();
    if (this.clock.now().getTime() - known.at > freshMs)
      this.renew().catch((error: unknown) => this.logger.warn('tool list could not be renewed', { error }));
    return known.list;
  }

  private renew(): Promise<ToolList> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(): Promise<ToolList> {
    const answer = await this.bus.ask(FindTools, {});
    // In one order, or the provider's cache of the prompt misses.
    const list = { ...answer, tools: answer.tools.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
    this.known = { list, at: this.clock.now().getTime() };
    return list;
  }
}
