import { fromJsonSchema, type McpServer, ResourceTemplate, type ServerContext } from '@modelcontextprotocol/server';
import { addInputFixtures } from './input-fixtures.ts';
import { addPromptFixtures } from './prompt-fixtures.ts';
import { nothing, png, textOf } from './words.ts';

const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

/** What the official suite calls by name: its own tools, resources and prompts, put beside ours on the same server. */
export function addFixtures(mcp: McpServer, listChanged: () => void): void {
  addContentFixtures(mcp);
  addTalkingFixtures(mcp, listChanged);
  addInputFixtures(mcp);
  addResourceFixtures(mcp);
  addPromptFixtures(mcp);
}

function addContentFixtures(mcp: McpServer): void {
  const image = { type: 'image' as const, data: png, mimeType: 'image/png' };
  const audio = { type: 'audio' as const, data: wav, mimeType: 'audio/wav' };
  const embedded = (uri: string, text: string, mimeType = 'text/plain') => ({
    type: 'resource' as const,
    resource: { uri, mimeType, text },
  });
  const say = (name: string, content: unknown[]) =>
    mcp.registerTool(name, { description: name, inputSchema: nothing }, async () => ({ content: content as never }));
  const text = (words: string) => ({ type: 'text', text: words });
  say('test_simple_text', [text('This is a simple text response for testing.')]);
  say('test_image_content', [image]);
  say('test_audio_content', [audio]);
  say('test_embedded_resource', [embedded('test://embedded-resource', 'This is an embedded resource content.')]);
  say('test_multiple_content_types', [
    text('Multiple content types test:'),
    image,
    embedded('test://mixed-content-resource', '{"test":"data","value":123}', 'application/json'),
  ]);
  mcp.registerTool('json_schema_2020_12_tool', { description: 'schema', inputSchema: fullSchema }, async (args) =>
    textOf(JSON.stringify(args)),
  );
}

function addTalkingFixtures(mcp: McpServer, listChanged: () => void): void {
  const tool = (name: string, use: (context: ServerContext) => Promise<ReturnType<typeof textOf>>) =>
    mcp.registerTool(name, { description: name, inputSchema: nothing }, (_args, context) => use(context));
  tool('test_error_handling', async () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  tool('test_tool_with_logging', async ({ mcpReq }) => {
    for (const words of ['Tool execution started', 'Tool processing data', 'Tool execution completed'])
      await mcpReq.log('info', words);
    return textOf('logged');
  });
  tool('test_logging_tool', async ({ mcpReq }) => {
    await mcpReq.log('info', 'diagnostics');
    return textOf('logged');
  });
  tool('test_tool_with_progress', async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    if (progressToken === undefined) return textOf('nobody asked');
    for (const progress of [0, 50, 100])
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
    return textOf(String(progressToken));
  });
  tool('test_trigger_tool_change', async () => {
    listChanged();
    return textOf('changed');
  });
}

function addResourceFixtures(mcp: McpServer): void {
  const resource = (name: string, uri: string, content: { mimeType: string } & ({ text: string } | { blob: string })) =>
    mcp.registerResource(name, uri, { title: name, mimeType: content.mimeType }, async () => ({
      contents: [{ uri, ...content }],
    }));
  const text = 'This is the content of the static text resource.';
  resource('static-text', 'test://static-text', { mimeType: 'text/plain', text });
  resource('static-binary', 'test://static-binary', { mimeType: 'image/png', blob: png });
  resource('watched-resource', 'test://watched-resource', { mimeType: 'text/plain', text: 'watched' });
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  mcp.registerResource(
    'template',
    template,
    { title: 'template', mimeType: 'application/json' },
    async (uri, { id }) => {
      const data = { id, templateTest: true, data: `Data for ID: ${String(id)}` };
      return { contents: [{ uri: uri.toString(), mimeType: 'application/json', text: JSON.stringify(data) }] };
    },
  );
}

const word = { type: 'string' } as const;
const fullSchema = fromJsonSchema({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: word, city: word } } },
  properties: {
    name: word,
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: word,
    email: word,
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // eslint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
});
