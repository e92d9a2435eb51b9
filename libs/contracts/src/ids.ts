import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { stringify, v7 } from 'uuid';
import { z } from 'zod';

/** UUIDs are written in lower case; version 7 where they are made afresh, version 8 where they are derived. */
const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'a lower-case UUID');

export const ConversationId = uuid.brand<'ConversationId'>();
export type ConversationId = z.infer<typeof ConversationId>;
export const RunId = uuid.brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;
export const EventId = uuid.brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;
export const PersonId = uuid.brand<'PersonId'>();
export type PersonId = z.infer<typeof PersonId>;
export const MessageId = uuid.brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;
export const TokenId = uuid.brand<'TokenId'>();
export type TokenId = z.infer<typeof TokenId>;

const callPattern = /^([0-9a-f-]{36})\.(\d{1,4})\.(\d{1,4})$/;
const grantPattern = /^([0-9a-f-]{36}\.\d{1,4}\.\d{1,4})\.(\d{1,4})$/;

/** One tool use: `<runId>.<step>.<index>`. With a revision it stays within 63 characters, so it fits labels, names and paths. */
export const CallId = z.string().regex(callPattern, '<runId>.<step>.<index>').brand<'CallId'>();
export type CallId = z.infer<typeof CallId>;
/** The gate's leave for one plan: `<callId>.<revision>`; fixed with the plan, issued at most once. */
export const GrantId = z.string().regex(grantPattern, '<callId>.<revision>').brand<'GrantId'>();
export type GrantId = z.infer<typeof GrantId>;

/** A fresh UUIDv7: sorts by time of making. */
export function newId(): string {
  return v7();
}

/**
 * The id of an effect that a redelivered cause must not produce twice: UUIDv8 from SHA-256(`<cause id>/<type>/<n>`), so the
 * second try makes the same id and is dropped by every unique key.
 */
export function derivedId(causeId: string, type: string, n = 0): string {
  const bytes = sha256(utf8ToBytes(`${causeId}/${type}/${n}`)).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return stringify(bytes);
}

export function callIdOf(runId: string, step: number, index: number): CallId {
  return CallId.parse(`${runId}.${step}.${index}`);
}

export function grantIdOf(callId: string, revision: number): GrantId {
  return GrantId.parse(`${callId}.${revision}`);
}

/** Takes a call id apart. Throws a ZodError on anything else. */
export function fromCallId(callId: string): { runId: RunId; step: number; index: number } {
  const [, runId, step, index] = callPattern.exec(CallId.parse(callId)) ?? [];
  return { runId: RunId.parse(runId), step: Number(step), index: Number(index) };
}

export function fromGrantId(grantId: string): { callId: CallId; revision: number } {
  const [, callId, revision] = grantPattern.exec(GrantId.parse(grantId)) ?? [];
  return { callId: CallId.parse(callId), revision: Number(revision) };
}
