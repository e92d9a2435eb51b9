import { Module } from '@nestjs/common';
import { BusStreams } from './adapters/bus-streams.ts';
import { PostgresConversations } from './adapters/postgres-conversations.ts';
import { PostgresEventLog } from './adapters/postgres-event-log.ts';
import { Conversations, EventLog, Streams } from './domain/ports.ts';
import { AnswerFindConversation } from './handlers/answer-find-conversation.ts';
import { AnswerFindConversations } from './handlers/answer-find-conversations.ts';
import { RecordOrg } from './handlers/record-org.ts';
import { RecordRuns } from './handlers/record-runs.ts';
import { Recorder } from './handlers/recorder.ts';

@Module({
  controllers: [RecordRuns, RecordOrg, AnswerFindConversation, AnswerFindConversations],
  providers: [
    { provide: EventLog, useClass: PostgresEventLog },
    { provide: Conversations, useClass: PostgresConversations },
    { provide: Streams, useClass: BusStreams },
    Recorder,
  ],
})
export class PersistenceModule {}
