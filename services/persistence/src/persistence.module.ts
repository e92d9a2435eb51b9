import { Module } from '@nestjs/common';
import { BusStreams } from './adapters/bus-streams.ts';
import { PostgresConversations } from './adapters/postgres-conversations.ts';
import { PostgresDeadLetters } from './adapters/postgres-dead-letters.ts';
import { PostgresEventLog } from './adapters/postgres-event-log.ts';
import { Conversations, DeadLetters, EventLog, Streams } from './domain/ports.ts';
import { AnswerFindConversation } from './handlers/answer-find-conversation.ts';
import { AnswerFindConversations } from './handlers/answer-find-conversations.ts';
import { AnswerFindDeadLetter } from './handlers/answer-find-dead-letter.ts';
import { AnswerFindDeadLetters } from './handlers/answer-find-dead-letters.ts';
import { LetterDesk } from './handlers/letter-desk.ts';
import { RecordDead } from './handlers/record-dead.ts';
import { RecordOrg } from './handlers/record-org.ts';
import { RecordRuns } from './handlers/record-runs.ts';
import { Recorder } from './handlers/recorder.ts';

@Module({
  controllers: [
    RecordRuns,
    RecordOrg,
    RecordDead,
    AnswerFindConversation,
    AnswerFindConversations,
    AnswerFindDeadLetter,
    AnswerFindDeadLetters,
  ],
  providers: [
    { provide: EventLog, useClass: PostgresEventLog },
    { provide: Conversations, useClass: PostgresConversations },
    { provide: DeadLetters, useClass: PostgresDeadLetters },
    { provide: Streams, useClass: BusStreams },
    LetterDesk,
    Recorder,
  ],
})
export class PersistenceModule {}
