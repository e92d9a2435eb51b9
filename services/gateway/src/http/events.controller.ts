import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { ConversationId } from '@skyflo/contracts';
import type { Response } from 'express';
import { z } from 'zod';
import { maySee } from '../domain/access.ts';
import { fromCursor } from '../domain/cursor.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { Callers } from './callers.ts';
import { EventStreams, type Reader } from './event-streams.ts';
import { invalid } from './http-problem.ts';
import { VisibleConversations } from './visible-conversations.ts';

const EventsQuery = z.object({ cursor: z.string().optional() });
type EventsQuery = z.infer<typeof EventsQuery>;

@ApiTags('conversations')
@Controller('conversations/:id/events')
export class EventsController {
  constructor(
    private readonly visible: VisibleConversations,
    private readonly callers: Callers,
    private readonly streams: EventStreams,
  ) {}

  @Get()
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'Server-sent events: every event of the conversation in its public view.' })
  async follow(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: ConversationId }) id: ConversationId,
    @Query({ schema: EventsQuery }) { cursor }: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const after = placeOf(lastEventId, cursor);
    const conversation = await this.visible.find(caller.person, id);
    const mayStay = async () => {
      const person = await this.callers.again(caller);
      return person !== undefined && maySee(person, conversation);
    };
    await this.streams.serve(response, { conversationId: id, personId: caller.person.id, after, mayStay });
  }
}

/**
 * The header wins, since a browser that comes back repeats the first address. It cannot act on an error there, so a place that
 * cannot be read is answered by a reset; in the query it is a mistake of whoever wrote it.
 */
function placeOf(lastEventId: string | undefined, cursor: string | undefined): Reader['after'] {
  if (lastEventId !== undefined && lastEventId !== '') return fromCursor(lastEventId) ?? 'lost';
  if (cursor === undefined) return undefined;
  const place = fromCursor(cursor);
  if (!place) throw invalid({ field: 'query.cursor', message: 'is not a cursor' });
  return place;
}
