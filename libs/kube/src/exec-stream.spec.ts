import { describe, expect, it } from '@jest/globals';
import { ExecStream } from './exec-stream.ts';

const message = (channel: number, text: string | Buffer) => Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
const status = (body: object) => message(3, JSON.stringify(body));

describe('the stream of an exec', () => {
  it('keeps both outputs apart and ends with the exit code', () => {
    const stream = new ExecStream(100);
    stream.take(message(1, 'one '));
    stream.take(message(2, 'oops'));
    stream.take(message(1, 'two'));
    expect(stream.end).toBeUndefined();
    stream.take(
      status({
        status: 'Failure',
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: '7' }] },
      }),
    );
    expect(stream.output).toEqual({ stdout: 'one two', stderr: 'oops', leftOut: 0 });
    expect(stream.end).toEqual({ exitCode: 7 });
  });

  it('tells a program that failed from one that was never run', () => {
    const stream = new ExecStream(100);
    stream.take(status({ status: 'Failure', message: 'exec: "nope": executable file not found in $PATH' }));
    expect(stream.end).toMatchObject({ failure: { code: 'NotRun', message: expect.stringContaining('not found') } });
  });

  it('counts what comes beyond its limit, and does not break a letter in two', () => {
    const stream = new ExecStream(5);
    const bytes = Buffer.from('aé');
    stream.take(message(1, bytes.subarray(0, 2)));
    stream.take(message(1, bytes.subarray(2)));
    stream.take(message(2, 'xyz'));
    expect(stream.output).toEqual({ stdout: 'aé', stderr: 'xy', leftOut: 1 });
  });

  it('knows no end where the status is cut off, and lets other channels pass', () => {
    const stream = new ExecStream(5);
    stream.take(message(3, '{"status":"Suc'));
    stream.take(message(9, 'what'));
    stream.take(Buffer.alloc(0));
    expect(stream.end).toBeUndefined();
  });
});
