import { describe, expect, it } from '@jest/globals';
import { tools } from './index.ts';
import { listedFor } from './listed.ts';

const names = (wishes: Partial<Parameters<typeof listedFor>[1]>) =>
  listedFor(tools, { loaded: [], ...wishes }).map(({ name }) => name);

describe('the list of an MCP client', () => {
  it('is short to begin with, and names the tool by which it grows', () => {
    expect(names({})).toEqual(expect.arrayContaining(['k8s_get', 'k8s_scale', 'diagnose', 'toolset_load']));
    expect(names({})).not.toContain('k8s_wait');
  });

  it('grows by what was loaded and what its address names; “all” is all of it', () => {
    expect(names({ loaded: ['rollout'] })).toContain('k8s_wait');
    expect(names({ toolsets: ['rollout'] })).toContain('k8s_wait');
    expect(names({ toolsets: ['nothing'] })).toEqual(names({}));
    expect(names({ toolsets: ['all'] })).toHaveLength(tools.length);
  });

  it('holds no tool that the scope shuts out, whatever is loaded', () => {
    const shown = listedFor(tools, { scope: 'read', loaded: [], toolsets: ['all'] });
    expect(new Set(shown.map((tool) => tool.class))).toEqual(new Set(['read']));
  });
});
