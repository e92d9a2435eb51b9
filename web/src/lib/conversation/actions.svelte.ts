import type { Conversation } from '@skyflo/contracts';
import { api } from '#lib/api/api.ts';
import { sentenceOf } from '#lib/api/problem.ts';
import type { Draft } from '#lib/state/draft.svelte.ts';
import { SvelteMap } from 'svelte/reactivity';
import { Sending, unsentWords } from './sending.ts';

/** What a person does in a conversation, and what there is to say when it does not work. */
export class Actions {
  #problem = $state<string | undefined>(undefined);
  #sending = $state(false);
  readonly #queueProblems = new SvelteMap<string, string>();
  readonly #queueBusy = new SvelteMap<string, boolean>();
  readonly #sendingOnce = new Sending((id, content, key) => api.send(id, content, key));

  get problem(): string | undefined {
    return this.#problem;
  }

  get sending(): boolean {
    return this.#sending;
  }

  /** Why a queued message could not be withdrawn or sent now. */
  queueProblem(runId: string): string | undefined {
    return this.#queueProblems.get(runId);
  }

  queueBusy(runId: string): boolean {
    return this.#queueBusy.get(runId) ?? false;
  }

  async send({ id, messages }: Conversation, content: string): Promise<boolean> {
    this.#sending = true;
    this.#problem = undefined;
    try {
      const known = messages.map((message) => message.id);
      await this.#sendingOnce.send(id, content, known);
      return true;
    } catch (thrown) {
      this.#problem = unsentWords(thrown, navigator.onLine) ?? sentenceOf(thrown);
      return false;
    } finally {
      this.#sending = false;
    }
  }

  /** A message that seemed lost may show up in the conversation: then it need not be sent again. */
  settle({ id, messages }: Conversation, draft: Draft): void {
    const arrived = this.#sendingOnce.arrivedIn(id, messages);
    if (arrived === undefined) return;
    draft.drop(arrived);
    this.#problem = undefined;
  }

  async stop(runId: string): Promise<void> {
    this.#problem = undefined;
    try {
      await api.stop(runId);
    } catch (thrown) {
      this.#problem = sentenceOf(thrown);
    }
  }

  withdraw(runId: string): Promise<void> {
    return this.#queued(runId, () => api.withdraw(runId));
  }

  sendNow(runId: string): Promise<void> {
    return this.#queued(runId, () => api.sendNow(runId));
  }

  async #queued(runId: string, action: () => Promise<void>): Promise<void> {
    this.#queueProblems.delete(runId);
    this.#queueBusy.set(runId, true);
    try {
      // Stays busy when it was taken: the event that says what became of it takes the row away.
      await action();
    } catch (thrown) {
      this.#queueProblems.set(runId, sentenceOf(thrown));
      this.#queueBusy.delete(runId);
    }
  }
}
