import { describe, expect, it } from '@jest/globals';
import { Failure } from '@skyflo/contracts';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { NestLogger } from './nest-logger.ts';

function logged(say: (logger: Logger) => void): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  say(createLogger({ service: 'gate', level: 'info', destination: { write: (line) => lines.push(JSON.parse(line)) } }));
  return lines;
}

describe('a log line', () => {
  it('is JSON with a constant message and pairs, those of its child included', () => {
    const [line] = logged((logger) => logger.child({ runId: 'r' }).info('run started', { attempt: 2 }));
    expect(line).toMatchObject({ level: 'info', service: 'gate', message: 'run started', runId: 'r', attempt: 2 });
    expect(new Date(String(line?.['time'])).getTime()).not.toBeNaN();
  });

  it('says of an error what every error has, with its causes, and nothing that a driver hung on it', () => {
    const cause = Object.assign(new Error('connection reset'), { code: 'ECONNRESET', parameters: ['hunter2'] });
    const error = Failure.retryable('BusDisconnected', 'no connection', { cause });
    const [line] = logged((logger) => logger.error('could not publish', { error }));
    expect(line?.['error']).toMatchObject({
      name: 'Failure',
      code: 'BusDisconnected',
      retryable: true,
      message: 'no connection',
      stack: expect.any(String),
      cause: { code: 'ECONNRESET', message: 'connection reset' },
    });
    expect(JSON.stringify(line)).not.toContain('hunter2');
  });

  it('hides what is called like a secret', () => {
    const [line] = logged((logger) => logger.info('login', { password: 'hunter2', body: { password: 'hunter2' } }));
    expect(JSON.stringify(line)).not.toContain('hunter2');
  });

  it('is also what Nest says, its boot chatter aside', () => {
    const lines = logged((logger) => {
      const nest = new NestLogger(logger);
      nest.log('Mapped {/x, GET} route', 'RouterExplorer');
      nest.warn('deprecated', 'Router');
      nest.error('it broke', 'Error: it broke\n    at x', 'ExceptionsHandler');
      nest.error(new Error('it broke'), 'Injector');
    });
    expect(lines).toMatchObject([
      { level: 'warn', message: 'deprecated', context: 'Router' },
      { level: 'error', message: 'it broke', context: 'ExceptionsHandler', stack: 'Error: it broke\n    at x' },
      { level: 'error', message: 'it broke', context: 'Injector', error: { message: 'it broke' } },
    ]);
  });
});
