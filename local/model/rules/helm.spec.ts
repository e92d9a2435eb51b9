import { describe, expect, it } from '@jest/globals';
import { type ChatMessage, ChatTool } from '../protocol.ts';
import { answerByRules } from './answer-by-rules.ts';

const properties = { name: {}, namespace: {}, what: {}, chart: {}, version: {}, values: {}, revision: {} };
const writes = ['helm_install', 'helm_upgrade', 'helm_rollback', 'helm_uninstall'];
const reads = ['k8s_get', 'k8s_describe', 'k8s_delete', 'helm_list', 'helm_get'];
const tools = [...reads, ...writes].map((name) =>
  ChatTool.parse({ type: 'function', function: { name, parameters: { type: 'object', properties } } }),
);
const releases = `NAME  NAMESPACE  REVISION  STATUS    UPDATED  CHART      APP VERSION
api   prod       3         deployed  5m       api-1.2.0  2.0
web   shop       1         deployed  1h       web-0.9.0  1.0`;

const said = (text: string, ...since: ChatMessage[]) =>
  answerByRules({ model: 'rules', tools, messages: [{ role: 'user', content: text }, ...since] });
const used = (tool: string, args: object, output: string): ChatMessage[] => [
  {
    role: 'assistant',
    content: '',
    tool_calls: [{ id: tool, type: 'function', function: { name: tool, arguments: JSON.stringify(args) } }],
  },
  { role: 'tool', tool_call_id: tool, content: `status: finished\n<output>\n${output}\n</output>` },
];

describe('the rules about Helm', () => {
  it('list releases everywhere, or in the namespace that was named', () => {
    expect(said('list helm releases').calls).toEqual([{ tool: 'helm_list', args: {} }]);
    expect(said('which helm releases are in prod?').calls).toEqual([
      { tool: 'helm_list', args: { namespace: 'prod' } },
    ]);
    expect(said('list helm releases', ...used('helm_list', {}, releases)).text).toMatch(/^2 Helm releases:\n/);
  });

  it.each([
    ['what values has release api in prod?', 'values'],
    ['show all values of release api in prod', 'all_values'],
    ['history of release api in prod', 'history'],
    ['show the manifest of helm release api in prod', 'manifest'],
    ['how is release api in prod?', 'status'],
  ])('understand “%s”', (text, what) => {
    expect(said(text).calls).toEqual([{ tool: 'helm_get', args: { name: 'api', namespace: 'prod', what } }]);
  });

  it('look for a release of which only the name was said', () => {
    const asked = 'what values has release api?';
    expect(said(asked).calls).toEqual([{ tool: 'helm_list', args: {} }]);
    const listed = used('helm_list', {}, releases);
    expect(said(asked, ...listed).calls).toEqual([
      { tool: 'helm_get', args: { name: 'api', namespace: 'prod', what: 'values' } },
    ]);
    expect(said('what values has release gone?', ...listed)).toEqual({ text: 'There is no Helm release `gone`.' });
  });

  it.each([
    [
      'install demo/web as front in shop version 1.0.0 with replicas=2, tag=Beta',
      'helm_install',
      { name: 'front', chart: 'demo/web', version: '1.0.0', values: { replicas: 2, tag: 'Beta' } },
    ],
    ['install the chart demo/web in shop', 'helm_install', { name: 'web', chart: 'demo/web' }],
    [
      'upgrade release front in shop to demo/web 1.1.0',
      'helm_upgrade',
      { name: 'front', chart: 'demo/web', version: '1.1.0' },
    ],
    ['roll back release front to revision 2', 'helm_rollback', { name: 'front', revision: 2 }],
    ['rollback the helm release front', 'helm_rollback', { name: 'front' }],
    ['uninstall release front', 'helm_uninstall', { name: 'front' }],
    ['delete the release front', 'helm_uninstall', { name: 'front' }],
  ])('propose what “%s” asks for', (text, tool, args) => {
    expect(said(text).calls).toEqual([{ tool, args: { namespace: 'shop', ...args } }]);
  });
});
