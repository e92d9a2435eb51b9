import { Failure } from '@skyflo/contracts';
import { QueryFailedError } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import { isStale, Session } from './session.ts';

/** Runs one statement; rows also for insert, update and delete `… returning`, which TypeORM answers otherwise. */
export async function rowsOf<T>(runner: QueryRunner, sql: string, params: readonly unknown[] = []): Promise<T[]> {
  return (await Session.open(runner)).query<T>(sql, params);
}

/** The row was there already: a unique key refused it. With `constraint`, only that key. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, constraint: violated }: { code?: unknown; constraint?: unknown } = error.driverError;
  return code === '23505' && (constraint === undefined || violated === constraint);
}

/**
 * What Postgres says when it is not the statement's fault: connection gone or refused (class 08), out of resources (53),
 * being shut down or started (57P), conflict with another transaction (40). A while later the same may well succeed.
 */
const passing = /^(08|53|40|57P)/;
const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN']);
/** The driver and TypeORM say these without a code. */
const brokenConnection =
  /Connection terminated|is not queryable|timeout exceeded when trying to connect|Driver not Connected/;

/** A retryable Failure for a store that is away; anything else comes back as it is. */
export function storeFailure(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const { code }: { code?: unknown } = error instanceof QueryFailedError ? error.driverError : error;
  const isPassing = typeof code === 'string' && (passing.test(code) || networkCodes.has(code));
  if (!isPassing && !isStale(error) && !brokenConnection.test(error.message)) return error;
  return Failure.retryable('StoreUnavailable', `The database cannot be used at present: ${error.message}`, {
    cause: error,
  });
}
