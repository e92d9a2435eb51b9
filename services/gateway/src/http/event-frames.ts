import { Injectable } from '@nestjs/common';
import { type Envelope, toEventName, toPublicView } from '@skyflo/contracts';
import { toCursor } from '../domain/cursor.ts';
import { toSseFrame } from './sse.ts';

export type Streamed = { readonly event: Envelope; readonly incarnation: string; readonly sequence: number };

/** Enough for every viewer of a conversation to be served while it streams, not enough to matter. */
const maxFrames = 2_000;

/** The bytes that each event is on the wire, made once however many people look at it. */
@Injectable()
export class EventFrames {
  private readonly frames = new Map<string, Buffer | undefined>();

  /** Undefined for what has no public view. */
  frameOf(streamed: Streamed): Buffer | undefined {
    const id = toCursor(streamed);
    if (this.frames.has(id)) return this.frames.get(id);
    const view = toPublicView(streamed.event);
    const frame = view && Buffer.from(toSseFrame({ event: toEventName(view.type), id, data: view }));
    this.frames.set(id, frame);
    const oldest = this.frames.keys().next();
    if (this.frames.size > maxFrames && !oldest.done) this.frames.delete(oldest.value);
    return frame;
  }
}
