import { QueryFailedError } from 'typeorm';
import type { QueryRunner } from 'typeorm';

/** Runs one statement; rows also for insert, update and delete `… returning`, which TypeORM answers otherwise. */
export async function rowsOf<T>(runner: QueryRunner, sql: string, params: readonly unknown[] = []): Promise<T[]> {
  const result = await runner.query(sql, [...params], true);
  return result.records;
}

/** The row was there already: a unique key refused it. With `constraint`, only that key. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, constraint: violated }: { code?: unknown; constraint?: unknown } = error.driverError;
  return code === '23505' && (constraint === undefined || violated === constraint);
}
