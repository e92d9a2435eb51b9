import { completable, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { askingPrompt } from './input-fixtures.ts';
import { png } from './words.ts';

const said = (...contents: unknown[]) => ({
  messages: contents.map((content) => ({ role: 'user', content })) as never,
});
const text = (words: string) => ({ type: 'text', text: words });

export function addPromptFixtures(mcp: McpServer): void {
  mcp.registerPrompt('test_simple_prompt', { description: 'simple' }, async () =>
    said(text('This is a simple prompt for testing.')),
  );
  const arg1 = completable(z.string(), (begun) => ['test1', 'paris'].filter((each) => each.startsWith(begun)));
  mcp.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'arguments', argsSchema: z.object({ arg1, arg2: z.string() }) },
    async (args) => said(text(`Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'`)),
  );
  mcp.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'resource', argsSchema: z.object({ resourceUri: z.string() }) },
    async ({ resourceUri }) => {
      const resource = { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' };
      return said({ type: 'resource', resource }, text('Please process the embedded resource above.'));
    },
  );
  mcp.registerPrompt('test_prompt_with_image', { description: 'image' }, async () =>
    said({ type: 'image', data: png, mimeType: 'image/png' }, text('Please analyze the image above.')),
  );
  mcp.registerPrompt('test_input_required_result_prompt', { description: 'asks' }, async (context) => {
    const answer = await askingPrompt(context);
    return typeof answer === 'string' ? said(text(answer)) : answer;
  });
}
