import type { StreamName } from '@skyflo/contracts';
import type { Connection } from '../connection/connection.ts';

export type StreamState = {
  /** Changes when the stream is made anew, and its sequences with it: the time it was created, in a compact form. */
  readonly incarnation: string;
  /** The oldest message there is; one more than `lastSequence` where there is none. */
  readonly firstSequence: number;
  readonly lastSequence: number;
};

export async function streamStateOf(connection: Connection, stream: StreamName): Promise<StreamState> {
  const { created, state } = await connection.whileConnected(connection.jsm.streams.info(stream));
  return { incarnation: toIncarnation(created), firstSequence: state.first_seq, lastSequence: state.last_seq };
}

/** Nanoseconds since 1970 in base 36: twelve characters for this century and the next. */
export function toIncarnation(created: string): string {
  const [, seconds = '', fraction = ''] = /^(.*?)(?:\.(\d{1,9}))?Z$/.exec(created) ?? [];
  return (BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))).toString(36);
}
