import { z } from 'zod';
import { ApprovalRequest, Decision } from '../events/approval.ts';
import { Conversation, ConversationSummary } from '../fold/state.ts';
import { ConversationId, EventId, RunId, TokenId } from '../ids.ts';
import { Person, Role } from '../people.ts';
import { ClusterState, DeadLetter } from '../questions.ts';
import { TokenScope } from '../tokens.ts';
import { wellFormed } from '../well-formed.ts';

const Email = z
  .email()
  .max(254)
  .transform((email) => email.toLowerCase());
/** 12 characters at least (NIST SP 800-63B-4: length, no composition rules). */
const Password = z.string().min(12, 'at least 12 characters').max(200);
const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'a lower-case hex SHA-256 digest');

export const Login = z.object({ email: Email, password: z.string().min(1).max(200) }).meta({ id: 'Login' });
export type Login = z.infer<typeof Login>;
export const Setup = z
  .object({ token: z.string().min(1).max(200), email: Email, password: Password })
  .meta({ id: 'Setup' });
export type Setup = z.infer<typeof Setup>;
/** Whether the first administrator is still missing. */
export const SetupState = z.object({ needed: z.boolean() }).meta({ id: 'SetupState' });
export type SetupState = z.infer<typeof SetupState>;
export const NewPerson = z
  .object({ email: Email, password: Password, roles: z.array(Role).min(1) })
  .meta({ id: 'NewPerson' });
export type NewPerson = z.infer<typeof NewPerson>;
/** What an admin may change of somebody; what is left out stays. */
export const PersonChange = z
  .object({ roles: z.array(Role).min(1).optional(), active: z.boolean().optional() })
  .refine(({ roles, active }) => roles !== undefined || active !== undefined, {
    error: 'roles or active is needed',
    path: ['roles'],
  })
  .meta({ id: 'PersonChange' });
export type PersonChange = z.infer<typeof PersonChange>;
export const PersonNow = Person.extend({ active: z.boolean() }).meta({ id: 'PersonNow' });
export type PersonNow = z.infer<typeof PersonNow>;
export const PersonList = z
  .object({ items: z.array(PersonNow.extend({ createdAt: z.iso.datetime() })) })
  .meta({ id: 'PersonList' });
export type PersonList = z.infer<typeof PersonList>;
export const Session = z.object({ accessToken: z.string(), user: Person }).meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;
export const User = Person.meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const NewToken = z
  .object({
    name: z.string().overwrite(wellFormed).trim().min(1, 'must not be empty').max(80),
    scope: TokenScope.meta({ description: '`read`: looking only. `write`: asking for changes too.' }),
    expiresInDays: z.number().int().min(1).max(366),
  })
  .meta({ id: 'NewToken' });
export type NewToken = z.infer<typeof NewToken>;
export const PersonalToken = z
  .object({
    id: TokenId,
    name: z.string(),
    scope: TokenScope,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    /** To the minute. */
    lastUsedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'PersonalToken' });
export type PersonalToken = z.infer<typeof PersonalToken>;
/** `token` is shown this once: only its hash is kept. */
export const MadeToken = PersonalToken.extend({ token: z.string() }).meta({ id: 'MadeToken' });
export type MadeToken = z.infer<typeof MadeToken>;
export const TokenList = z.object({ items: z.array(PersonalToken) }).meta({ id: 'TokenList' });
export type TokenList = z.infer<typeof TokenList>;

export const NewConversation = z
  .object({ title: z.string().overwrite(wellFormed).trim().min(1).max(200).optional() })
  .meta({ id: 'NewConversation' });
export type NewConversation = z.infer<typeof NewConversation>;
export const ConversationCreatedAnswer = z.object({ id: ConversationId }).meta({ id: 'ConversationCreated' });
export const ConversationList = z.object({ items: z.array(ConversationSummary) }).meta({ id: 'ConversationList' });
export type ConversationList = z.infer<typeof ConversationList>;
/** A conversation as folded so far, and the cursor from which its event stream continues without a gap. */
export const ConversationView = Conversation.extend({ cursor: z.string() }).meta({ id: 'Conversation' });
export type ConversationView = z.infer<typeof ConversationView>;

export const NewMessage = z
  .object({
    content: z
      .string()
      .overwrite(wellFormed)
      .min(1, 'must not be empty')
      .max(32_000)
      .refine((text) => text.trim() !== '', 'must not be blank'),
  })
  .meta({ id: 'NewMessage' });
export type NewMessage = z.infer<typeof NewMessage>;
export const RunAccepted = z.object({ runId: RunId }).meta({ id: 'RunAccepted' });
export type RunAccepted = z.infer<typeof RunAccepted>;

export const ApprovalList = z.object({ items: z.array(ApprovalRequest) }).meta({ id: 'ApprovalList' });
export type ApprovalList = z.infer<typeof ApprovalList>;
export const NewDecision = z
  .object({ decision: Decision, digest: Digest, reason: z.string().overwrite(wellFormed).trim().max(2_000).optional() })
  .meta({ id: 'NewDecision' });
export type NewDecision = z.infer<typeof NewDecision>;

export const DeadLetterList = z.object({ items: z.array(DeadLetter) }).meta({ id: 'DeadLetterList' });
export type DeadLetterList = z.infer<typeof DeadLetterList>;
export const RedriveAccepted = z.object({ id: EventId }).meta({ id: 'RedriveAccepted' });
export type RedriveAccepted = z.infer<typeof RedriveAccepted>;

export const Health = z
  .object({
    status: z.enum(['ok', 'unavailable']),
    services: z.record(z.string(), z.enum(['ready', 'unavailable'])),
    clusters: z.array(ClusterState),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;

/** RFC 9457. `errors` names the fields that were wrong, as JSON pointers into the body (or `query.x`, `path.x`). */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    /** A PascalCase code for programs. */
    code: z.string(),
    /** Names this one occurrence in the logs. */
    instance: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    currentDigest: Digest.optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
