import type { ClientBase } from 'pg';
import { QueryFailedError } from 'typeorm';
import type { EntityManager, QueryRunner } from 'typeorm';
import { statementNamed } from './statements.ts';

/**
 * One connection, for as long as somebody works on it. Statements are sent at once and answered in order: whoever does not
 * need an answer to ask on, asks without waiting for it, and two round trips become one. What follows a failed statement of a
 * transaction fails too.
 */
export class Session {
  readonly #runner: QueryRunner;
  readonly #client: ClientBase;

  private constructor(runner: QueryRunner, client: ClientBase) {
    this.#runner = runner;
    this.#client = client;
  }

  static async open(runner: QueryRunner): Promise<Session> {
    return new Session(runner, (await runner.connect()) as ClientBase); // The driver is `pg`.
  }

  get manager(): EntityManager {
    return this.#runner.manager;
  }

  /** Rows also for insert, update and delete `… returning`. */
  async query<T>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    try {
      return (await this.#client.query({ name: statementNamed(sql), text: sql, values: [...params] })).rows as T[];
    } catch (error) {
      if (isStale(error)) await this.#leave();
      throw error instanceof Error ? new QueryFailedError(sql, [...params], error) : error;
    }
  }

  /** To be followed by statements at once; they fail where it does. */
  async begin(): Promise<void> {
    // TypeORM did not begin it and must know: its `save` would else begin and commit one of its own.
    (this.#runner as { isTransactionActive: boolean }).isTransactionActive = true;
    await this.#client.query('begin');
  }

  /** Throws where there was nothing to commit, because a statement had failed and nobody minded. */
  async commit(): Promise<void> {
    const { command } = await this.#client.query('commit');
    if (command !== 'COMMIT') throw new Error('a statement of the transaction failed, so it was rolled back');
  }

  /** A connection that cannot even do that is of no more use to anybody. */
  async rollback(): Promise<void> {
    await this.#client.query('rollback').catch(() => this.#leave());
  }

  async release(): Promise<void> {
    (this.#runner as { isTransactionActive: boolean }).isTransactionActive = false;
    await this.#runner.release();
  }

  /** The pool replaces a connection that has been ended. */
  async #leave(): Promise<void> {
    await (this.#client as ClientBase & { end(): Promise<void> }).end().catch(() => undefined);
  }
}

/** A statement was prepared before a migration changed its columns; on a new connection it is prepared anew. */
export function isStale(error: unknown): boolean {
  return error instanceof Error && /cached plan must not change result type/.test(error.message);
}

/** The statement itself may be right: one before it in its transaction was not. */
export function isAborted(error: unknown): boolean {
  return error instanceof QueryFailedError && 'code' in error.driverError && error.driverError.code === '25P02';
}
