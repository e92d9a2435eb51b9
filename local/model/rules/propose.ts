import type { Answer } from '../protocol.ts';
import { resultsOf, type Talk } from './talk.ts';
import type { Wish } from './toolbox.ts';
import { summariseWrite } from './written.ts';

/** A change as it was understood: the call, and what is said before and after it. */
export type Deed = {
  readonly tool: string;
  readonly wish: Wish;
  /** `set the memory limit of …` */
  readonly doing: string;
  /** `… has another memory limit` */
  readonly done: string;
};

/** Proposes a change, and sums it up once it is made; nothing where there is no such tool. */
export function propose(talk: Talk, { tool, wish, doing, done }: Deed): Answer | undefined {
  if (!talk.tools.has(tool)) return undefined;
  const written = resultsOf(talk, tool).at(-1);
  if (written) return summariseWrite(written, done);
  return {
    thinking: `The person wants me to ${doing.replaceAll('`', '')}. It changes the cluster, so a person has to approve it.`,
    text: `I will ${doing}. Please look at the change before it is made.`,
    calls: talk.tools.call(tool, wish),
  };
}
