import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Argon2Passwords } from './adapters/argon2-passwords.ts';
import { HttpToolServer } from './adapters/http-tool-server.ts';
import { JoseAccessTokens } from './adapters/jose-access-tokens.ts';
import { PostgresConversationAccess } from './adapters/postgres-conversation-access.ts';
import { PostgresPersonalTokens } from './adapters/postgres-personal-tokens.ts';
import { PostgresPeople } from './adapters/postgres-people.ts';
import { PostgresRedrives } from './adapters/postgres-redrives.ts';
import { PostgresSessions } from './adapters/postgres-sessions.ts';
import { AccessTokens } from './domain/access-tokens.ts';
import { ConversationAccess } from './domain/conversation-access.ts';
import { Passwords } from './domain/passwords.ts';
import { People } from './domain/people.ts';
import { PersonalTokens } from './domain/personal-tokens.ts';
import { Redrives } from './domain/redrives.ts';
import { Sessions } from './domain/sessions.ts';
import { ToolServer } from './domain/tool-server.ts';
import { AnswerFindPeople } from './handlers/answer-find-people.ts';
import { OnRunCompleted } from './handlers/on-run-completed.ts';
import { OnRunRequested } from './handlers/on-run-requested.ts';
import { ApprovalsController } from './http/approvals.controller.ts';
import { AuthController } from './http/auth.controller.ts';
import { CallerGuard } from './http/caller.guard.ts';
import { Callers } from './http/callers.ts';
import { ConversationsController } from './http/conversations.controller.ts';
import { DeadLettersController } from './http/dead-letters.controller.ts';
import { EventFrames } from './http/event-frames.ts';
import { EventStreams } from './http/event-streams.ts';
import { EventsController } from './http/events.controller.ts';
import { FirstAdmin } from './http/first-admin.ts';
import { HealthController } from './http/health.controller.ts';
import { McpController } from './http/mcp.controller.ts';
import { MessagesController } from './http/messages.controller.ts';
import { Newcomers } from './http/newcomers.ts';
import { OriginGuard } from './http/origin.guard.ts';
import { PasswordCheck } from './http/password-check.ts';
import { PeopleController } from './http/people.controller.ts';
import { Readiness } from './http/readiness.ts';
import { RoleGuard } from './http/role.guard.ts';
import { RunsController } from './http/runs.controller.ts';
import { SetupController } from './http/setup.controller.ts';
import { SignIn } from './http/sign-in.ts';
import { TokensController } from './http/tokens.controller.ts';
import { VisibleConversations } from './http/visible-conversations.ts';

const ports = [
  { provide: People, useClass: PostgresPeople },
  { provide: Passwords, useClass: Argon2Passwords },
  { provide: Sessions, useClass: PostgresSessions },
  { provide: AccessTokens, useClass: JoseAccessTokens },
  { provide: PersonalTokens, useClass: PostgresPersonalTokens },
  { provide: Redrives, useClass: PostgresRedrives },
  { provide: ConversationAccess, useClass: PostgresConversationAccess },
  { provide: ToolServer, useClass: HttpToolServer },
];

/** In this order: where it comes from, who it is, whether they may. */
const guards = [OriginGuard, CallerGuard, RoleGuard].map((useClass) => ({ provide: APP_GUARD, useClass }));

@Module({
  controllers: [
    SetupController,
    AuthController,
    PeopleController,
    TokensController,
    ConversationsController,
    MessagesController,
    EventsController,
    RunsController,
    ApprovalsController,
    DeadLettersController,
    HealthController,
    McpController,
    AnswerFindPeople,
    OnRunRequested,
    OnRunCompleted,
  ],
  providers: [
    ...ports,
    ...guards,
    Callers,
    EventFrames,
    EventStreams,
    FirstAdmin,
    Newcomers,
    PasswordCheck,
    Readiness,
    SignIn,
    VisibleConversations,
  ],
})
export class GatewayModule {}
