import type { ApprovalRequest, ClusterState, Conversation, ConversationSummary, Health } from '@skyflo/contracts';
import { api } from '#lib/api/api.ts';
import { poll } from './poll.ts';

const listEveryMs = 15_000;
const healthEveryMs = 15_000;
const healthWhilePreparingMs = 2_000;

/** What surrounds the page in view: the person's conversations, what waits for a decision, and how the clusters do. */
class Workspace {
  #conversations = $state.raw<readonly ConversationSummary[] | undefined>(undefined);
  #approvals = $state.raw<readonly ApprovalRequest[] | undefined>(undefined);
  #health = $state.raw<Health | undefined>(undefined);

  /** Undefined until the first answer. */
  get conversations(): readonly ConversationSummary[] | undefined {
    return this.#conversations;
  }

  get approvals(): readonly ApprovalRequest[] | undefined {
    return this.#approvals;
  }

  get health(): Health | undefined {
    return this.#health;
  }

  get clusters(): readonly ClusterState[] {
    return this.#health?.clusters ?? [];
  }

  /** The cluster that is not there yet, if there is one. */
  get preparing(): ClusterState | undefined {
    return this.clusters.find((cluster) => cluster.state === 'preparing');
  }

  /** Keeps everything current until the signal is aborted. */
  watch(signal: AbortSignal): void {
    poll(
      () => this.refreshLists(),
      () => listEveryMs,
      signal,
    );
    poll(
      () => this.#refreshHealth(),
      () => (this.preparing ? healthWhilePreparingMs : healthEveryMs),
      signal,
    );
  }

  async refreshLists(): Promise<void> {
    const [conversations, approvals] = await Promise.all([api.conversations(), api.approvals()]);
    this.#conversations = conversations.items;
    this.#approvals = approvals.items;
  }

  /** The conversation in view knows more, and earlier, than the list. */
  learn({ id, title, createdAt, runs }: Conversation): void {
    const status = runs.at(-1)?.status;
    const known = this.#conversations?.find((each) => each.id === id);
    if (known && known.title === title && known.status === status) return;
    const summary = { id, title, createdAt, ...(status && { status }) };
    this.#conversations = [summary, ...(this.#conversations ?? []).filter((each) => each.id !== id)];
  }

  forget(): void {
    this.#conversations = undefined;
    this.#approvals = undefined;
  }

  async #refreshHealth(): Promise<void> {
    this.#health = await api.health();
  }
}

export const workspace = new Workspace();
