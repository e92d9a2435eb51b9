import {
  createRequestStateCodec,
  inputRequired,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { nothing, textOf } from './words.ts';

/** State that goes to the client and comes back must not have been changed there. */
export const stateCodec = createRequestStateCodec({ key: 'a key for the conformance suite and for nothing else' });

type Responses = Readonly<Record<string, { readonly content?: Record<string, unknown>; readonly roots?: unknown[] }>>;
type State = { readonly kind?: string; readonly round?: number; readonly name?: unknown } | undefined;
type Result = Awaited<ReturnType<Parameters<McpServer['registerTool']>[2]>>;

const responsesOf = ({ mcpReq }: ServerContext) => (mcpReq.inputResponses ?? {}) as unknown as Responses;
const stateOf = ({ mcpReq }: ServerContext) => mcpReq.requestState() as State;
const elicit = (message: string, name: string, type: 'string' | 'boolean' = 'string') => {
  const property = type === 'string' ? ({ type } as const) : ({ type } as const);
  return inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [name]: property }, required: [name] },
  });
};
const sample = (text: string) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 50 });

/** Tools that ask their client for something before they answer (2026-07-28), and those that cannot in 2025-11-25. */
export function addInputFixtures(mcp: McpServer): void {
  const tool = (name: string, use: (responses: Responses, context: ServerContext) => Promise<unknown>) =>
    mcp.registerTool(
      name,
      { description: name, inputSchema: nothing },
      async (_args, context) => (await use(responsesOf(context), context)) as Result,
    );
  tool('test_missing_capability', async ({ s }) =>
    s ? textOf('ok') : inputRequired({ inputRequests: { s: sample('x') } }),
  );
  tool('test_streaming_elicitation', async ({ c }) =>
    c ? textOf('ok') : inputRequired({ inputRequests: { c: elicit('c', 'ok', 'boolean') } }),
  );
  addSingleQuestions(tool);
  addStatefulQuestions(tool);
  mcp.registerTool(
    'test_sampling',
    { description: 'asks the model of the client', inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, { mcpReq }) => {
      const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: prompt } }];
      return textOf(`LLM response: ${JSON.stringify(await mcpReq.requestSampling({ messages, maxTokens: 100 }))}`);
    },
  );
  mcp.registerTool(
    'test_elicitation',
    { description: 'asks the person at the client', inputSchema: z.object({ message: z.string() }) },
    async ({ message }, { mcpReq }) => {
      const requestedSchema = { type: 'object' as const, properties: { response: { type: 'string' as const } } };
      const { action } = await mcpReq.elicitInput({ message, requestedSchema });
      return textOf(`User response: action=${action}`);
    },
  );
}

type AddTool = (name: string, use: (responses: Responses, context: ServerContext) => Promise<unknown>) => unknown;

function addSingleQuestions(tool: AddTool): void {
  tool('test_input_required_result_elicitation', async ({ user_name: given }) =>
    given
      ? textOf(`Hello, ${String(given.content?.['name'])}!`)
      : inputRequired({ inputRequests: { user_name: elicit('What is your name?', 'name') } }),
  );
  tool('test_input_required_result_sampling', async ({ sample_request: given }) =>
    given
      ? textOf(typeof given.content?.['text'] === 'string' ? given.content['text'] : 'x')
      : inputRequired({ inputRequests: { sample_request: sample('capital of France?') } }),
  );
  tool('test_input_required_result_list_roots', async ({ client_roots: given }) =>
    given
      ? textOf(`roots ${String(given.roots?.length)}`)
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } }),
  );
  tool('test_input_required_result_capabilities', async (responses, { mcpReq }) => {
    if (Object.keys(responses).length > 0) return textOf(`capabilities-ok: ${Object.keys(responses).join(',')}`);
    const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
    const can = (envelope?.['io.modelcontextprotocol/clientCapabilities'] ?? {}) as Readonly<Record<string, unknown>>;
    const inputRequests = {
      ...(can['elicitation'] ? { elicit_input: elicit('e', 'value') } : {}),
      ...(can['sampling'] ? { sample_input: sample('s') } : {}),
    };
    if (Object.keys(inputRequests).length === 0) return textOf('none');
    return inputRequired({ inputRequests, requestState: await stateCodec.mint({ kind: 'capabilities' }) });
  });
}

function addStatefulQuestions(tool: AddTool): void {
  const confirmed = (kind: string, words: string) => async (given: Responses, context: ServerContext) => {
    if (stateOf(context)?.kind === kind && given['confirm']) return textOf(words);
    const inputRequests = { confirm: elicit('Please confirm', 'ok', 'boolean') };
    return inputRequired({ inputRequests, requestState: await stateCodec.mint({ kind }) });
  };
  tool('test_input_required_result_request_state', confirmed('state', 'state-ok: requestState validated'));
  tool('test_input_required_result_tampered_state', confirmed('tampered', 'integrity-ok: state verified'));
  tool('test_input_required_result_multiple_inputs', async (given, context) => {
    const { user_name: name, greeting, client_roots: roots } = given;
    if (stateOf(context)?.kind === 'multiple' && name && greeting && roots)
      return textOf(`Name: ${String(name.content?.['name'])}; Roots: ${String(roots.roots?.length)}`);
    const inputRequests = {
      user_name: elicit('name?', 'name'),
      greeting: sample('greet'),
      client_roots: inputRequired.listRoots(),
    };
    return inputRequired({ inputRequests, requestState: await stateCodec.mint({ kind: 'multiple' }) });
  });
  tool('test_input_required_result_multi_round', async ({ step1, step2 }, context) => {
    const state = stateOf(context);
    if (state?.round === 2 && step2)
      return textOf(`Multi-round complete for ${String(state.name)} who likes ${String(step2.content?.['color'])}`);
    if (state?.round === 1 && step1) {
      const requestState = await stateCodec.mint({ round: 2, name: step1.content?.['name'] });
      return inputRequired({ inputRequests: { step2: elicit('color?', 'color') }, requestState });
    }
    const requestState = await stateCodec.mint({ round: 1 });
    return inputRequired({ inputRequests: { step1: elicit('name?', 'name') }, requestState });
  });
}

/** The prompt of the suite that asks before it answers. */
export async function askingPrompt(context: ServerContext): Promise<string | ReturnType<typeof inputRequired>> {
  const { user_context: given } = responsesOf(context);
  if (given) return `Prompt with context: ${String(given.content?.['context'])}`;
  return inputRequired({ inputRequests: { user_context: elicit('context?', 'context') } });
}
