import {
  ApprovalList,
  ConversationCreatedAnswer,
  ConversationList,
  ConversationView,
  DeadLetterList,
  Health,
  MadeToken,
  PersonList,
  PersonNow,
  RunAccepted,
  Session,
  SetupState,
  TokenList,
  User,
  type Decision,
  type NewPerson,
  type NewToken,
  type PersonChange,
} from '@skyflo/contracts';
import { ApiClient } from './client.ts';
import { toApiError } from './problem.ts';

const id = encodeURIComponent;

/** The HTTP surface, one method per operation. */
export class Api {
  readonly #client: ApiClient;

  constructor(client: ApiClient = new ApiClient()) {
    this.#client = client;
  }

  /** What to do when a session ends under somebody's hands. */
  whenSignedOut(handle: () => void): void {
    this.#client.onSignedOut = handle;
  }

  login(email: string, password: string): Promise<Session> {
    return this.#client.call('/auth/login', { method: 'POST', body: { email, password }, answer: Session });
  }

  /** True while nobody can sign in yet, because the first administrator is missing. */
  async setupNeeded(): Promise<boolean> {
    const { needed } = await this.#client.call('/auth/setup', { answer: SetupState });
    return needed;
  }

  setup(token: string, email: string, password: string): Promise<Session> {
    return this.#client.call('/auth/setup', { method: 'POST', body: { token, email, password }, answer: Session });
  }

  logout(): Promise<void> {
    return this.#client.call('/auth/logout', { method: 'POST' });
  }

  me(): Promise<User> {
    return this.#client.call('/auth/me', { answer: User });
  }

  conversations(signal?: AbortSignal): Promise<ConversationList> {
    return this.#client.call('/conversations', { answer: ConversationList, ...(signal && { signal }) });
  }

  async createConversation(): Promise<string> {
    const created = await this.#client.call('/conversations', {
      method: 'POST',
      body: {},
      answer: ConversationCreatedAnswer,
    });
    return created.id;
  }

  conversation(conversationId: string): Promise<ConversationView> {
    return this.#client.call(`/conversations/${id(conversationId)}`, { answer: ConversationView });
  }

  /** Sent again under the same key, a message makes no second run. */
  async send(conversationId: string, content: string, key: string): Promise<string> {
    const path = `/conversations/${id(conversationId)}/messages`;
    const headers = { 'idempotency-key': key };
    const accepted = await this.#client.call(path, { method: 'POST', headers, body: { content }, answer: RunAccepted });
    return accepted.runId;
  }

  stop(runId: string): Promise<void> {
    return this.#client.call(`/runs/${id(runId)}/stop`, { method: 'POST' });
  }

  /** Takes back a message that waits for the run before it. A conflict once it is being worked on. */
  withdraw(runId: string): Promise<void> {
    return this.#client.call(`/runs/${id(runId)}/withdraw`, { method: 'POST' });
  }

  /** Stops the run that works so that this one is next. A conflict once it is being worked on itself. */
  sendNow(runId: string): Promise<void> {
    return this.#client.call(`/runs/${id(runId)}/send-now`, { method: 'POST' });
  }

  approvals(signal?: AbortSignal): Promise<ApprovalList> {
    return this.#client.call('/approvals?status=pending', { answer: ApprovalList, ...(signal && { signal }) });
  }

  decide(callId: string, decision: Decision, digest: string, reason?: string): Promise<void> {
    const body = { decision, digest, ...(reason && { reason }) };
    return this.#client.call(`/approvals/${id(callId)}/decision`, { method: 'POST', body });
  }

  /** For administrators, like all that follows about people. */
  people(): Promise<PersonList> {
    return this.#client.call('/people', { answer: PersonList });
  }

  createPerson(person: NewPerson): Promise<User> {
    return this.#client.call('/people', { method: 'POST', body: person, answer: User });
  }

  changePerson(personId: string, change: PersonChange): Promise<PersonNow> {
    return this.#client.call(`/people/${id(personId)}`, { method: 'PATCH', body: change, answer: PersonNow });
  }

  /** One's own personal access tokens. */
  tokens(): Promise<TokenList> {
    return this.#client.call('/tokens', { answer: TokenList });
  }

  /** The only answer that holds the token itself. */
  createToken(wanted: NewToken): Promise<MadeToken> {
    return this.#client.call('/tokens', { method: 'POST', body: wanted, answer: MadeToken });
  }

  revokeToken(tokenId: string): Promise<void> {
    return this.#client.call(`/tokens/${id(tokenId)}`, { method: 'DELETE' });
  }

  /** For administrators: what could not be worked off. */
  deadLetters(): Promise<DeadLetterList> {
    return this.#client.call('/dead-letters', { answer: DeadLetterList });
  }

  /** Sends it round again, to the consumer that failed. */
  redrive(deadLetterId: string): Promise<void> {
    return this.#client.call(`/dead-letters/${id(deadLetterId)}/redrive`, { method: 'POST' });
  }

  /** Answers with what is up and what is not, also while something is down (then the status is 503). */
  async health(): Promise<Health> {
    const response = await this.#client.probe('/health/ready');
    const health = Health.safeParse(
      await response
        .clone()
        .json()
        .catch(() => undefined),
    );
    if (health.success) return health.data;
    throw await toApiError(response);
  }

  eventsUrl(conversationId: string, cursor: string | undefined): string {
    const query = cursor === undefined ? '' : `?cursor=${id(cursor)}`;
    return `/api/v1/conversations/${id(conversationId)}/events${query}`;
  }
}

export const api = new Api();
