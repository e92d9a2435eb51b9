import { derivedId, type EventDefinition } from '@skyflo/contracts';
import type { GateCall } from '../domain/ports.ts';

type Cause = { readonly id: string; readonly conversationid?: string | undefined; readonly runid?: string | undefined };

/** The address of an event that follows from another one: same run, caused by it, with an id that a redelivery makes again. */
export function after(cause: Cause, event: EventDefinition) {
  return {
    conversationId: cause.conversationid,
    runId: cause.runid,
    causationId: cause.id,
    id: derivedId(cause.id, event.type),
  };
}

/** The address of an event about a call that something else than an event of its run caused. */
export function about(call: GateCall, causationId?: string) {
  return { conversationId: call.conversationId, runId: call.runId, causationId };
}
