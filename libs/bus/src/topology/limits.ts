const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * How long the streams keep an event. The record is persistence's; the stream serves replay to whoever looks at a
 * conversation, consumers that were down, and bounds how long a consumer must remember ids, because older events are
 * refused. Thirty days outlast any outage we could still call one, and an approval's longest expiry many times over.
 */
export const maxAgeMs = 30 * day;

/** Must outlast the longest time an outbox keeps trying the same event, or a late retry is stored a second time. */
export const duplicateWindowMs = 15 * minute;

/** Longer than a model call may last, so that whoever joins an answer late replays all of it. */
export const deltaTtlMs = 15 * minute;

/**
 * How long a message in the hands of a process that died is missing: a run may wait that long after a kill. Handlers of more
 * than a third of this are kept alive by heartbeats; a process that stands still for longer gets it twice, which is harmless.
 */
export const ackWaitMs = 10_000;

/** How many events of one type may be in hand over all replicas of a service. */
export const maxAckPending = 200;

/** Persistence reads in batches, through one replica at a time; several batches may be on their way, all of them in memory. */
export const maxAckPendingInBatches = 1_000;

/** A question older than this is refused, however it got there. */
export const questionAgeMs = 30_000;
