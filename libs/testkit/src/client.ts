import type { ApprovalRequest, Conversation, PersonChange, PersonNow, PublicEvent } from '@skyflo/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';

export type Answered<T = never> = { readonly status: number; readonly body: T; readonly headers: Headers };
export type Seen = {
  readonly id: string;
  readonly name: string;
  readonly event: PublicEvent<string, Record<string, never>>;
};
type Asking = {
  readonly body?: unknown;
  readonly raw?: string;
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
};

/** A script's view of the product: the HTTP surface under `/api/v1`, with a Bearer token once signed in. */
export class SkyfloClient {
  readonly url: string;
  token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  async call<T = never>(method: string, path: string, asking: Asking = {}): Promise<Answered<T>> {
    const token = 'token' in asking ? asking.token : this.token;
    const body = asking.raw ?? (asking.body === undefined ? undefined : JSON.stringify(asking.body));
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...asking.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
      headers: response.headers,
    };
  }

  /** Signs in and returns a client of that person. */
  async login(email: string, password: string): Promise<SkyfloClient> {
    const { status, body } = await this.call<{ accessToken: string }>('POST', '/auth/login', {
      body: { email, password },
    });
    if (status !== 200) throw new Error(`login of ${email}: ${status} ${JSON.stringify(body)}`);
    return new SkyfloClient(this.url, body.accessToken);
  }

  async converse(title?: string): Promise<string> {
    const { status, body } = await this.call<{ id: string }>('POST', '/conversations', {
      body: title === undefined ? {} : { title },
    });
    if (status !== 201) throw new Error(`conversation: ${status} ${JSON.stringify(body)}`);
    return body.id;
  }

  /** Sends a message; the run it makes, the same one however often it is sent with the same key. */
  async say(conversationId: string, content: string, key?: string): Promise<string> {
    const { status, body } = await this.call<{ runId: string }>('POST', `/conversations/${conversationId}/messages`, {
      body: { content },
      ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
    });
    if (status !== 202) throw new Error(`message: ${status} ${JSON.stringify(body)}`);
    return body.runId;
  }

  async conversation(id: string): Promise<Conversation & { cursor: string }> {
    return (await this.call<Conversation & { cursor: string }>('GET', `/conversations/${id}`)).body;
  }

  /** Changes somebody, as an admin. */
  async changePerson(id: string, change: PersonChange): Promise<Answered<PersonNow>> {
    return this.call('PATCH', `/people/${id}`, { body: change });
  }

  async pending(): Promise<readonly ApprovalRequest[]> {
    return (await this.call<{ items: ApprovalRequest[] }>('GET', '/approvals?status=pending')).body.items;
  }

  async decide(
    callId: string,
    decision: 'approve' | 'refuse',
    digest: string,
    reason?: string,
  ): Promise<Answered<{ currentDigest?: string }>> {
    return this.call('POST', `/approvals/${callId}/decision`, {
      body: { decision, digest, ...(reason ? { reason } : {}) },
    });
  }

  /** One connection to a conversation's stream; ends with the connection or the signal. */
  async *connect(
    conversationId: string,
    { after, signal }: { after?: string | undefined; signal: AbortSignal },
  ): AsyncGenerator<Seen> {
    const response = await fetch(`${this.url}/api/v1/conversations/${conversationId}/events`, {
      signal,
      headers: {
        authorization: `Bearer ${this.token ?? ''}`,
        accept: 'text/event-stream',
        ...(after === undefined ? {} : { 'last-event-id': after }),
      },
    });
    if (!response.ok || !response.body) throw new Error(`events: ${response.status}`);
    const frames = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { id = '', event = '', data } of frames)
      yield { id, name: event, event: JSON.parse(data || 'null') };
  }

  /** Watches a conversation as a careful subscriber does: reconnects where it was cut off, for as long as the signal allows. */
  async *watch(
    conversationId: string,
    { after, signal }: { after?: string; signal: AbortSignal },
  ): AsyncGenerator<Seen> {
    let last = after;
    while (!signal.aborted) {
      try {
        for await (const seen of this.connect(conversationId, { after: last, signal })) {
          last = seen.id || last;
          yield seen;
        }
      } catch (error) {
        if (signal.aborted) return;
        // Cut off in the middle, or nobody answers yet: that is what reconnecting is for.
        void error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Watches until an event of that name (of that run, where given) and returns it; throws when it takes too long. */
  async until(
    conversationId: string,
    name: string,
    { runId, timeoutMs = 60_000 }: { runId?: string; timeoutMs?: number } = {},
  ): Promise<Seen> {
    const signal = AbortSignal.timeout(timeoutMs);
    const seen: string[] = [];
    for await (const item of this.watch(conversationId, { signal })) {
      seen.push(item.name);
      if (item.name === name && (runId === undefined || item.event.runid === runId)) return item;
    }
    throw new Error(
      `no ${name} within ${timeoutMs} ms; seen: ${seen.filter((one) => one !== 'model.delta').join(', ')}`,
    );
  }
}
