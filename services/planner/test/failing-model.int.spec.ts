import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@skyflo/service-kit';
import { startWorld, type World } from './a-world.ts';
import { bootPlanner } from './boot-planner.ts';

type Respond = (response: ServerResponse) => void;

let world: World;
let server: Server;
let planner: RunningService;
/** What the model's server does with the next requests; the last of them with all others. */
let responses: Respond[] = [];

beforeAll(async () => {
  world = await startWorld();
  server = createServer((request, response) => {
    request.resume();
    (responses.length > 1 ? responses.shift() : responses[0])?.(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const env = world.env({ PLANNER_MODEL_URL: `http://127.0.0.1:${port}/v1`, PLANNER_MODEL_RETRIES: '2' });
  planner = await bootPlanner(env);
});
afterAll(async () => {
  await planner.close();
  server.closeAllConnections();
  server.close();
  await world.stop();
});

const status =
  (code: number, headers: Record<string, string> = {}): Respond =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message: `scripted ${code}`, type: 'scripted' } }));
  };
const stream =
  (...lines: string[]): Respond =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(lines.map((line) => `data: ${line}\n\n`).join(''));
  };
const chunk = (delta: object, finish: string | null = null) =>
  JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] });
const answer = stream(chunk({ content: 'Here I am.' }), chunk({}, 'stop'), '[DONE]');
const html: Respond = (response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<html>Welcome</html>');
};
const cut: Respond = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`data: ${chunk({ content: 'half an' })}\n\n`, () => response.destroy());
};

describe('a model that has trouble', () => {
  it.each([
    ['asks to be left alone', status(429), 'ModelRateLimited', 'it is asked too often. scripted 429.'],
    ['breaks', status(500), 'ModelUnavailable', 'its server has trouble (500). scripted 500.'],
    ['is overloaded', status(503), 'ModelUnavailable', 'its server has trouble (503). scripted 503.'],
    ['is cut off', cut, 'ModelUnreachable', 'the connection failed'],
    ['stops without an end', stream(chunk({ content: 'half an' })), 'ModelAnswerIncomplete', 'stopped early'],
    ['says nothing', stream(chunk({}, 'stop'), '[DONE]'), 'ModelAnswerEmpty', 'neither text nor a tool call'],
    ['sends no JSON', stream('{"choices": [', '[DONE]'), 'ModelAnswerUnreadable', 'cannot be read'],
    ['sends other JSON', stream('{"hello": "world"}'), 'ModelAnswerUnreadable', 'cannot be read'],
    ['sends a page', html, 'ModelAnswerIncomplete', 'stopped early'],
    [
      'breaks off with an error',
      stream(chunk({ content: 'half an' }), '{"error": {"message": "out of memory"}}'),
      'ModelBrokeOff',
      'out of memory.',
    ],
  ])('is asked again when it %s, visibly', async (_what, respond, code, words) => {
    responses = [respond, answer];
    const run = await world.converse().say('hello');
    expect((await run.heard('run.completed.v1')).data).toEqual({ status: 'completed' });
    const [retried, ...others] = run.all('model.retried.v1');
    expect(retried).toMatchObject({ step: 0, failure: { code, message: expect.stringContaining(words) } });
    expect(others).toEqual([]);
    expect(run.all('model.completed.v1')).toMatchObject([{ text: 'Here I am.' }]);
  });

  it('is given up after some tries, with the words of the last', async () => {
    responses = [status(500), status(503), status(429)];
    const run = await world.converse().say('hello');
    const { data: end } = await run.heard('run.completed.v1');
    expect(end).toMatchObject({ status: 'failed', failure: { code: 'ModelRateLimited' } });
    expect(end.reason).toBe('The model did not answer: it is asked too often. scripted 429.');
    expect(run.all('model.retried.v1').map(({ failure }) => failure.code)).toEqual([
      'ModelUnavailable',
      'ModelUnavailable',
    ]);
    expect(run.all('model.failed.v1')).toHaveLength(1);
  });

  it('is given the time it asks for', async () => {
    responses = [status(429, { 'retry-after': '0.2' }), answer];
    const run = await world.converse().say('hello');
    await run.heard('run.completed.v1');
    expect(run.all('model.retried.v1')).toMatchObject([{ afterMs: 200 }]);
  });

  it.each([
    [401, 'ModelRefusedKey', 'it does not accept our key (401). scripted 401.'],
    [400, 'ModelRefusedRequest', 'it refuses the request (400). scripted 400.'],
    [404, 'ModelRefusedRequest', 'it refuses the request (404). scripted 404.'],
  ])('is not asked again after a %s, which would come again', async (code, failure, words) => {
    responses = [status(code)];
    const run = await world.converse().say('hello');
    const { data: end } = await run.heard('run.completed.v1');
    expect(end).toMatchObject({ status: 'failed', failure: { code: failure }, reason: expect.stringContaining(words) });
    expect(run.all('model.retried.v1')).toEqual([]);
  });

  it('hears what was wrong with arguments that are no JSON, and the tool is not asked', async () => {
    const call = { index: 0, id: 'x', type: 'function', function: { name: 'look', arguments: '{"what": ' } };
    responses = [stream(chunk({ tool_calls: [call] }), chunk({}, 'tool_calls'), '[DONE]'), answer];
    const run = await world.converse().say('hello');
    expect((await run.heard('run.completed.v1')).data.status).toBe('completed');
    expect(run.all('tool.requested.v1')).toEqual([]);
  });
});
