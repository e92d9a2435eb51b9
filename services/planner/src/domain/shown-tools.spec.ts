import { describe, expect, it } from '@jest/globals';
import { newId, type ToolDescription } from '@skyflo/contracts';
import { aCall, finished } from '../../test/builders.ts';
import type { CallView } from './run-view.ts';
import { shownTools } from './shown-tools.ts';

const aTool = (name: string, toolset?: string): ToolDescription => ({
  name,
  title: name,
  description: name,
  class: 'read',
  inputSchema: {},
  ...(toolset === undefined ? {} : { toolset }),
});
const toolset = (name: string, shown = false) => ({ name, summary: name, shown });
const list = {
  tools: [aTool('argo_get', 'argo'), aTool('free'), aTool('helm_list', 'helm'), aTool('k8s_get', 'core')],
  toolsets: [toolset('core', true), toolset('helm'), toolset('argo')],
  clusters: [],
};
const load = (name: string, over: Partial<CallView> = {}) =>
  aCall(0, 0, finished(), { tool: 'toolset_load', args: { toolset: name }, ...over });
const shown = (...calls: CallView[]) =>
  shownTools(list, [{ id: newId(), content: '', endStatus: null, steps: [], calls }]).map(({ name }) => name);

describe('the tools a model is shown', () => {
  it('are those of every list to begin with', () => {
    expect(shown()).toEqual(['free', 'k8s_get']);
  });

  it('grow by the sets that were loaded, each after what was there before', () => {
    expect(shown(load('helm'), load('argo'), load('helm'))).toEqual(['free', 'k8s_get', 'helm_list', 'argo_get']);
  });

  it('grow by the set of a tool that was called without it', () => {
    expect(shown(aCall(0, 0, null, { tool: 'helm_list' }))).toEqual(['free', 'k8s_get', 'helm_list']);
  });

  it('do not grow by a load that came to nothing, by one of a set there is not, or by checks of our own', () => {
    const failed = { outcome: 'failed', failure: { code: 'X', message: 'x' } } as const;
    const verifies = { callId: 'x', expected: 'x', facts: {} };
    expect(
      shown(
        load('helm', { result: null }),
        load('helm', { result: failed }),
        load('nothing'),
        load('helm', { args: { toolset: 7 } }),
        aCall(0, 0, finished(), { tool: 'helm_list', verifies }),
      ),
    ).toEqual(['free', 'k8s_get']);
  });

  it('are all there are where nobody speaks of sets', () => {
    const { toolsets: _toolsets, ...without } = list;
    expect(shownTools(without, [])).toEqual(list.tools);
  });
});
