import { Injectable } from '@nestjs/common';
import { Bus } from '@skyflo/bus';
import { type AnswerOf, FindTools } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { ToolDirectory } from '../domain/ports.ts';

type Tools = AnswerOf<typeof FindTools>;

/** A tool's class does not change while the tool-runner runs; a new one may come with a new version of it. */
const keepMs = 5_000;

@Injectable()
export class BusToolDirectory extends ToolDirectory {
  private kept: { tools: Tools; until: number } | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {
    super();
  }

  async look(tool: string): Promise<Tools> {
    const now = this.clock.now().getTime();
    if (this.kept && now < this.kept.until && this.kept.tools.tools.some((known) => known.name === tool))
      return this.kept.tools;
    const tools = await this.bus.ask(FindTools, {});
    this.kept = { tools, until: now + keepMs };
    return tools;
  }
}
