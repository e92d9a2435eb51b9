import type { Emission, Envelope, EventDefinition, Seal } from '@skyflo/contracts';
import type { EntityManager } from 'typeorm';
import { isAborted } from './session.ts';
import type { Session } from './session.ts';

/** One open transaction. Valid only inside the function that `Store.transaction` was given. */
export class Tx {
  readonly #session: Session;
  readonly #seal: Seal;
  readonly #emissions: Promise<Envelope>[] = [];
  readonly #given = new Map<string, Promise<Envelope>>();
  readonly #sealed: Envelope[] = [];
  readonly #sent: Promise<unknown>[] = [];
  readonly #afterCommit: (() => void)[] = [];
  readonly #afterFailure: (() => void)[] = [];
  #over = false;

  constructor(session: Session, seal: Seal) {
    this.#session = session;
    this.#seal = seal;
  }

  /** For entities and repositories of the store's data source. */
  get manager(): EntityManager {
    return this.#session.manager;
  }

  /** Sent at once: statements that do not need each other's answers travel together where they are not awaited one by one. */
  query<T>(sql: string, params?: readonly unknown[]): Promise<T[]> {
    // The connection may be somebody else's by now.
    if (this.#over) return Promise.reject(new Error('the transaction is over'));
    return this.#session.query<T>(sql, params);
  }

  /** A statement whose answer nobody needs: it travels with what comes next, and the commit fails where it failed. */
  send(sql: string, params?: readonly unknown[]): void {
    const sent = this.query(sql, params);
    sent.catch(() => undefined);
    this.#sent.push(sent);
  }

  /**
   * Says an event with the rows of this transaction: it is published after the commit, and never without it. An emission that
   * fails, fails the transaction; so does data that does not fit the event, which the seal refuses.
   *
   * `sequence` counts per run, per conversation for events without a run, and once for all events without either. Counting
   * holds that row until the commit, so emissions about one run follow one another: emit late, and about several runs always
   * in the same order. An id that was emitted before (see `derivedId`) is not emitted again and uses no number: the first
   * envelope is returned. The outbox knows an id for a quarter of an hour at least; what may repeat later needs a row with a
   * unique key of its own.
   */
  emit<E extends EventDefinition>(event: E, emission: Emission<E>): Promise<Envelope> {
    const repeated = emission.id === undefined ? undefined : this.#given.get(emission.id);
    if (repeated) return repeated;
    const emitted = this.#emit(event, emission);
    // Whoever does not await it learns of its failure at the commit; until then it must not count as unhandled.
    emitted.catch(() => undefined);
    this.#emissions.push(emitted);
    if (emission.id !== undefined) this.#given.set(emission.id, emitted);
    return emitted;
  }

  /** Runs `then` right after the commit, in order of registration; not at all when there is none. */
  afterCommit(then: () => void): void {
    this.#afterCommit.push(then);
  }

  /** Runs `then` when the transaction failed. Where the connection broke during the commit, its rows may be there all the same. */
  afterFailure(then: () => void): void {
    this.#afterFailure.push(then);
  }

  /** @internal Every envelope of this transaction, in order; rejects when an emission failed. */
  async envelopes(): Promise<readonly Envelope[]> {
    await Promise.all(this.#emissions);
    return this.#sealed;
  }

  /** @internal What follows a failed statement fails because of it: the first that failed is the reason. */
  async reasonOf(error: unknown): Promise<unknown> {
    if (!isAborted(error)) return error;
    const sent = await Promise.allSettled(this.#sent);
    const first = sent.find((one) => one.status === 'rejected');
    return first?.reason ?? error;
  }

  /** @internal What was sent and not awaited. */
  get sent(): readonly Promise<unknown>[] {
    return this.#sent;
  }

  /** @internal Nothing may be said in its name any more. */
  end(): void {
    this.#over = true;
  }

  /** @internal */
  consequences(outcome: 'committed' | 'failed'): readonly (() => void)[] {
    return outcome === 'committed' ? this.#afterCommit : this.#afterFailure;
  }

  async #emit(event: EventDefinition, emission: Emission): Promise<Envelope> {
    if (event.kind === 'delta') throw new TypeError(`${event.type} is a delta: no delta goes through the outbox`);
    const key = emission.runId ?? emission.conversationId ?? '';
    const [counted] = await this.query<{ sequence: string; said: Envelope | null }>(
      'select sequence, said from count_emission($1, $2)',
      [key, emission.id ?? null],
    );
    if (!counted) throw new Error('count_emission always gives one row');
    if (counted.said) return counted.said;
    const envelope = this.#seal(event, emission, Number(counted.sequence));
    this.#sealed.push(envelope);
    return envelope;
  }
}
