import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@skyflo/service-kit';
import type { PlannerConfig } from '../config.ts';
import { buildMessages, hasReadUntrustedText } from '../domain/context.ts';
import { Runs, Tools } from '../domain/ports.ts';
import type { Prompt } from '../domain/prompt.ts';
import { shownTools } from '../domain/shown-tools.ts';
import { estimateTokens } from '../domain/tokens.ts';

/**
 * What the model is told for the next step of a run, and what the planner has to remember of it. `callable`: every tool there
 * is; one whose toolset is not loaded is as good, and using it loads it.
 */
export type Briefing = {
  readonly prompt: Prompt;
  readonly callable: ReadonlySet<string>;
  readonly afterUntrustedText: boolean;
};

@Injectable()
export class Prompting {
  constructor(
    private readonly runs: Runs,
    private readonly tools: Tools,
    @Inject(CONFIG) private readonly config: PlannerConfig,
  ) {}

  async brief(run: { id: string; conversationId: string }): Promise<Briefing> {
    const [history, list] = await Promise.all([this.runs.history(run), this.tools.current()]);
    const tools = shownTools(list, history);
    const room = this.config.contextTokens - estimateTokens(JSON.stringify(tools));
    return {
      prompt: { messages: buildMessages(history, room), tools },
      callable: new Set(list.tools.map(({ name }) => name)),
      afterUntrustedText: hasReadUntrustedText(history),
    };
  }
}
