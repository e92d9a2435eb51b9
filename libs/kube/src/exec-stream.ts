import { StringDecoder } from 'node:string_decoder';
import { Failure } from '@skyflo/contracts';
import { z } from 'zod';

/** What a program printed, the beginning of it: `leftOut` bytes of both together came beyond the limit. */
export type ExecOutput = { readonly stdout: string; readonly stderr: string; readonly leftOut: number };

/** How it ended, by the status that the kubelet sends last: its exit code, or that it could not be run at all. */
export type ExecEnd = { readonly exitCode: number } | { readonly failure: Failure };

const channels = { stdout: 1, stderr: 2, status: 3 } as const;
const Status = z.object({
  status: z.string(),
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z.object({ causes: z.array(z.object({ reason: z.string(), message: z.string() })).optional() }).optional(),
});

/**
 * The server's side of `v4.channel.k8s.io`: every message begins with the number of its channel; the status on channel 3 is
 * the last. v5 only adds the end of input, which is never sent here.
 */
export class ExecStream {
  readonly #maxBytes: number;
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #texts = { stdout: '', stderr: '' };
  #bytes = 0;
  #leftOut = 0;
  #status: Buffer[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  take(message: Buffer): void {
    const body = message.subarray(1);
    if (message[0] === channels.stdout) this.#append('stdout', body);
    else if (message[0] === channels.stderr) this.#append('stderr', body);
    else if (message[0] === channels.status) this.#status.push(body);
  }

  get output(): ExecOutput {
    return { ...this.#texts, leftOut: this.#leftOut };
  }

  /** Undefined where no status came: then nobody can say how it ended. */
  get end(): ExecEnd | undefined {
    const text = Buffer.concat(this.#status).toString('utf8');
    if (text === '') return undefined;
    const parsed = Status.safeParse(parseJson(text));
    if (!parsed.success) return undefined;
    const { status, message = 'The command could not be run.', details } = parsed.data;
    if (status === 'Success') return { exitCode: 0 };
    const code = Number(details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message);
    return Number.isInteger(code) ? { exitCode: code } : { failure: Failure.terminal('NotRun', message) };
  }

  #append(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    const kept = bytes.subarray(0, Math.max(0, this.#maxBytes - this.#bytes));
    this.#bytes += kept.length;
    this.#leftOut += bytes.length - kept.length;
    this.#texts[stream] += this.#decoders[stream].write(kept);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half a status is none.
    return undefined;
  }
}
