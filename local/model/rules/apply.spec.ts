import { describe, expect, it } from '@jest/globals';
import { type ChatMessage, ChatTool } from '../protocol.ts';
import { answerByRules } from './answer-by-rules.ts';

const properties = { manifest: {}, namespace: {}, force: {} };
const tools = ['k8s_apply', 'k8s_diff', 'k8s_delete'].map((name) =>
  ChatTool.parse({ type: 'function', function: { name, parameters: { type: 'object', properties } } }),
);
const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  note: delete pod web';
const user = (content: string): ChatMessage => ({ role: 'user', content });
const callsOf = (...said: readonly string[]) =>
  answerByRules({ model: 'm', messages: said.map(user), tools, stream: false } as never).calls;

describe('a manifest in a message', () => {
  it.each([
    ['bare', `apply this manifest:\n${manifest}`],
    ['in a block', `Apply this manifest: \`\`\`yaml\n${manifest}\`\`\``],
    ['asked for by another word', `please create this in shop\n---\n${manifest}`],
  ])('is applied as it was written, %s', (_, text) => {
    const [call] = callsOf(text) ?? [];
    expect(call?.tool).toBe('k8s_apply');
    expect(call?.args).toHaveProperty('manifest', expect.stringContaining('metadata:\n  name: settings\n'));
    expect(call?.args).toHaveProperty('namespace', 'shop');
    expect(call?.args).not.toHaveProperty('force');
  });

  it('is only tried out where somebody wants to know what would change', () => {
    expect(callsOf(`what would change if I applied this?\n${manifest}`)).toMatchObject([{ tool: 'k8s_diff' }]);
  });

  it('is applied later by “it”, and by force only where that is said', () => {
    const first = `what would change if I applied this?\n${manifest}`;
    const [plain] = callsOf(first, 'apply it') ?? [];
    expect(plain).toMatchObject({ tool: 'k8s_apply', args: { manifest } });
    expect(plain?.args).not.toHaveProperty('force');
    expect(callsOf(first, 'apply it with force')).toMatchObject([{ args: { manifest, force: true } }]);
  });

  it('keeps its own namespace', () => {
    const own = manifest.replace('  name: settings', '  name: settings\n  namespace: other');
    expect(callsOf(`apply this:\n${own}`)?.[0]?.args).not.toHaveProperty('namespace');
  });
});
