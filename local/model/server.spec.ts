import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ModelServer, startModelServer } from './server.ts';

describe('the model server', () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer({ tokenDelayMs: 0 });
  });
  afterEach(() => server.stop());

  const post = (body: object): Promise<Response> =>
    fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const user = (content: string): object[] => [{ role: 'user', content }];
  const frames = (text: string): Record<string, unknown>[] =>
    text
      .split('\n\n')
      .filter((frame) => frame.startsWith('data: {'))
      .map((frame) => JSON.parse(frame.slice(6)) as Record<string, unknown>);

  it('streams thinking, text, calls, a finish reason and the usage', async () => {
    server.script('s', [{ thinking: 'hm', text: 'one two', calls: [{ tool: 't', args: { a: 1 } }] }]);
    const text = await (
      await post({ model: 's', messages: user('x'), stream: true, stream_options: { include_usage: true } })
    ).text();
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    const choices = frames(text).flatMap((frame) => frame['choices'] as { delta: Record<string, unknown> }[]);
    const joined = (key: string): string => choices.map((choice) => (choice.delta[key] as string) ?? '').join('');
    expect(joined('reasoning_content')).toBe('hm');
    expect(joined('content')).toBe('one two');
    expect(text).toContain('"finish_reason":"tool_calls"');
    expect(frames(text).at(-1)).toHaveProperty('usage.prompt_tokens');
  });

  it('answers whole when no stream is asked for', async () => {
    server.script('s', [{ text: 'all at once' }]);
    const answer = (await (await post({ model: 's', messages: user('x') })).json()) as object;
    expect(answer).toMatchObject({ object: 'chat.completion', choices: [{ message: { content: 'all at once' } }] });
  });

  it('plays a step of a script by the message and by the round it belongs to', async () => {
    server.script('s', [
      { match: 'scale', round: 0, text: 'first' },
      { match: 'scale', round: 1, text: 'second' },
    ]);
    const messages = [...user('scale it'), { role: 'assistant', content: 'first' }];
    expect(await (await post({ model: 's', messages })).text()).toContain('second');
    expect(await (await post({ model: 's', messages: user('scale it') })).text()).toContain('first');
  });

  it('fails as a script says, in the shape of the protocol', async () => {
    server.script('s', [{ fail: { status: 429, message: 'slow down', retryAfterSeconds: 2 } }, { text: 'ok' }]);
    const refused = await post({ model: 's', messages: user('x') });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await refused.json()).toMatchObject({ error: { type: 'rate_limit_error', message: 'slow down' } });
    expect((await post({ model: 's', messages: user('x') })).status).toBe(200);
  });

  it('breaks the connection in the middle of an answer that is cut', async () => {
    server.script('s', [{ text: 'half of', fail: 'cut' }]);
    const response = await post({ model: 's', messages: user('x'), stream: true });
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('takes scripts over HTTP and lists them among the models', async () => {
    const script = { model: 'remote', steps: [{ text: 'hello' }] };
    await fetch(`http://127.0.0.1:${server.port}/scripts`, { method: 'POST', body: JSON.stringify(script) });
    const models = (await (await fetch(`${server.url}/models`)).json()) as { data: { id: string }[] };
    expect(models.data.map((model) => model.id)).toEqual(['skyflo-rules', 'remote']);
  });

  it('refuses what is no chat request with the reason', async () => {
    const refused = await post({ model: 's' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });
});
