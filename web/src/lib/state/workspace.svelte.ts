import {
  hasRole,
  type ApprovalRequest,
  type ClusterState,
  type Conversation,
  type ConversationSummary,
  type Health,
} from '@skyflo/contracts';
import { api } from '#lib/api/api.ts';
import { ApiError } from '#lib/api/problem.ts';
import { nameOf } from '#lib/format/people.ts';
import { connection } from './connection.svelte.ts';
import { poll } from './poll.ts';
import { session } from './session.svelte.ts';

const listEveryMs = 15_000;
const listWhileBrokenMs = 2_000;
const healthEveryMs = 15_000;
const healthWhilePreparingMs = 2_000;

/** What surrounds the page in view: the person's conversations, what waits for a decision, and how the clusters do. */
class Workspace {
  #conversations = $state.raw<readonly ConversationSummary[] | undefined>(undefined);
  #approvals = $state.raw<readonly ApprovalRequest[] | undefined>(undefined);
  #health = $state.raw<Health | undefined>(undefined);
  #deciders = $state.raw<readonly string[] | undefined>(undefined);

  /** Undefined until the first answer. */
  get conversations(): readonly ConversationSummary[] | undefined {
    return this.#conversations;
  }

  get approvals(): readonly ApprovalRequest[] | undefined {
    return this.#approvals;
  }

  /** The names of everybody else who may decide; undefined for whoever is not told. */
  get deciders(): readonly string[] | undefined {
    return this.#deciders;
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
      () => this.#keepLists(),
      () => (connection.live ? listEveryMs : listWhileBrokenMs),
      signal,
    );
    poll(
      () => this.#refreshHealth(),
      () => (this.preparing ? healthWhilePreparingMs : healthEveryMs),
      signal,
    );
  }

  async #keepLists(): Promise<void> {
    const came = await this.refreshLists().then(
      () => true,
      (thrown: unknown) => !(thrown instanceof ApiError && (thrown.status === 0 || thrown.status >= 500)),
    );
    connection.reportAnswer(came);
  }

  async refreshLists(): Promise<void> {
    const [conversations, approvals] = await Promise.all([api.conversations(), api.approvals()]);
    this.#conversations = conversations.items;
    this.#approvals = approvals.items;
  }

  /** Only administrators are told who everybody is; the others see roles instead of names. */
  async learnDeciders(): Promise<void> {
    if (!session.may('admin')) return;
    const { items } = await api.people();
    this.#deciders = items
      .filter((person) => person.active && person.id !== session.person?.id && hasRole(person.roles, 'approver'))
      .map((person) => nameOf(person.email));
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
    this.#deciders = undefined;
  }

  async #refreshHealth(): Promise<void> {
    this.#health = await api.health();
  }
}

export const workspace = new Workspace();
