import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@skyflo/service-kit';
import type { PlannerConfig } from '../config.ts';
import { buildMessages, hasReadUntrustedText } from '../domain/context.ts';
import { Runs, Tools } from '../domain/ports.ts';
import type { Prompt } from '../domain/prompt.ts';
import { estimateTokens } from '../domain/tokens.ts';

/** What the model is told for the next step of a run, and what the planner has to remember of it. */
export type Briefing = { readonly prompt: Prompt; readonly afterUntrustedText: boolean };

@Injectable()
export class Prompting {
  constructor(
    private readonly runs: Runs,
    private readonly tools: Tools,
    @Inject(CONFIG) private readonly config: PlannerConfig,
  ) {}

  async brief(run: { id: string; conversationId: string }): Promise<Briefing> {
    const [history, { tools }] = await Promise.all([this.runs.history(run), this.tools.current()]);
    const room = this.config.contextTokens - estimateTokens(JSON.stringify(tools));
    return {
      prompt: { messages: buildMessages(history, room), tools },
      afterUntrustedText: hasReadUntrustedText(history),
    };
  }
}
