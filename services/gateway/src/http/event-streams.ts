import type { ServerResponse } from 'node:http';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Bus } from '@skyflo/bus';
import type { ConversationId, PersonId } from '@skyflo/contracts';
import { CONFIG, Logger } from '@skyflo/service-kit';
import type { GatewayConfig } from '../config.ts';
import type { Place } from '../domain/cursor.ts';
import { drained } from './drained.ts';
import { EventFrames } from './event-frames.ts';
import { comment, reconnectSoon, reset } from './sse.ts';

export type Reader = {
  readonly conversationId: ConversationId;
  readonly personId: PersonId;
  /** Where to go on; undefined from the beginning, `lost` where the reader's own place cannot be read. */
  readonly after: Place | 'lost' | undefined;
  readonly mayStay: () => Promise<boolean>;
};

/** A reader that does not take this much off our hands within the time is dropped, and resumes by its Last-Event-ID. */
const maxBufferedBytes = 1_048_576;
const drainWithinMs = 20_000;

/**
 * The open event streams. Each ends when its reader goes, may no longer read or reads too slowly, and when the gateway stops;
 * whoever is still there comes back by itself and misses nothing.
 */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly open = new Map<AbortController, { readonly personId: PersonId; readonly check: () => void }>();

  constructor(
    private readonly bus: Bus,
    private readonly frames: EventFrames,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Resolves when the stream has ended. */
  async serve(response: ServerResponse, reader: Reader): Promise<void> {
    const ending = new AbortController();
    const check = this.checkOf(response, reader, ending);
    this.open.set(ending, { personId: reader.personId, check });
    response.on('close', () => ending.abort());
    response.on('error', () => ending.abort());
    begin(response);
    const heartbeat = setInterval(check, this.config.heartbeatSeconds * 1_000);
    try {
      await this.forward(response, reader, ending.signal);
    } catch (error) {
      if (!ending.signal.aborted) this.logger.error('event stream failed', { ...aboutOf(reader), error });
    } finally {
      clearInterval(heartbeat);
      this.open.delete(ending);
      response.end();
    }
  }

  beforeApplicationShutdown(): void {
    for (const ending of this.open.keys()) ending.abort();
  }

  /** Looks at once whether somebody's readers here may stay; those at other replicas are looked at by their next heartbeat. */
  checkReadersOf(personId: PersonId): void {
    for (const reader of this.open.values()) if (reader.personId === personId) reader.check();
  }

  private async forward(
    response: ServerResponse,
    { conversationId, after }: Reader,
    signal: AbortSignal,
  ): Promise<void> {
    if (after === 'lost') {
      response.write(reset);
      return;
    }
    for await (const item of this.bus.follow(conversationId, { ...(after && { after }), signal })) {
      if (signal.aborted) return;
      if (item.kind === 'reset') {
        response.write(reset);
        return;
      }
      const frame = this.frames.frameOf(item);
      if (frame && !response.write(frame) && response.writableLength > maxBufferedBytes)
        await drained(response, drainWithinMs, signal);
    }
  }

  private checkOf(response: ServerResponse, reader: Reader, ending: AbortController): () => void {
    const beat = async () => {
      const mayStay = await reader.mayStay();
      if (ending.signal.aborted) return;
      if (mayStay) response.write(comment);
      else ending.abort();
    };
    const failed = (error: unknown) => {
      // Who cannot be checked is not served on; the next request will say what is wrong.
      this.logger.warn('reader could not be checked', { ...aboutOf(reader), error });
      ending.abort();
    };
    return () => void beat().catch(failed);
  }
}

function begin(response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Tells nginx, and what imitates it, to pass every frame on at once.
    'X-Accel-Buffering': 'no',
  });
  response.write(reconnectSoon);
}

function aboutOf({ conversationId }: Reader): { conversationId: string } {
  return { conversationId };
}
