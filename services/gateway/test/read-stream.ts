export type SseFrame = { readonly event: string; readonly id: string | undefined; readonly data: never };

export type OpenedStream = {
  readonly status: number;
  readonly headers: Headers;
  /** Resolves with the frames read so far once there are that many; rejects when the stream ends before. */
  frames(count: number): Promise<readonly SseFrame[]>;
  /** Resolves with the number of comments once there are that many. */
  comments(count: number): Promise<number>;
  /** Resolves when the server ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
};

/** Reads server-sent events as a browser does. */
export async function readStream(url: string, headers: Readonly<Record<string, string>>): Promise<OpenedStream> {
  const ending = new AbortController();
  const response = await fetch(url, { headers, signal: ending.signal });
  const frames: SseFrame[] = [];
  let comments = 0;
  let over = false;
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const read = async () => {
    let rest = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = `${rest}${chunk}`.split('\n\n');
      rest = blocks.pop() ?? '';
      comments += blocks.filter((block) => block.startsWith(':')).length;
      frames.push(...blocks.filter((block) => block.includes('data: ')).map(toFrame));
      tell();
    }
  };
  const ended = read()
    .catch(() => undefined) // A connection that breaks ends the stream just as well.
    .finally(() => {
      over = true;
      tell();
    });
  const until = async (done: () => boolean) => {
    while (!done()) {
      if (over) throw new Error(`the stream ended after ${frames.length} frames`);
      await changed.promise;
    }
  };
  return {
    status: response.status,
    headers: response.headers,
    frames: async (count) => {
      await until(() => frames.length >= count);
      return frames;
    },
    comments: async (count) => {
      await until(() => comments >= count);
      return comments;
    },
    ended,
    close: () => ending.abort(),
  };
}

function toFrame(block: string): SseFrame {
  const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^[^:]*: ?/, '')]));
  return {
    event: fields.get('event') ?? 'message',
    id: fields.get('id'),
    data: JSON.parse(fields.get('data') ?? 'null') as never,
  };
}
