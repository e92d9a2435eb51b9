import type { CallerClaims } from '@skyflo/contracts';
import type { Tool } from './tool.ts';
import { toolsets } from './toolsets.ts';

type Wishes = Pick<CallerClaims, 'scope' | 'toolsets'> & { readonly loaded: readonly string[] };

const inEveryList: readonly string[] = toolsets.filter(({ shown }) => shown).map(({ name }) => name);

/** What of all tools a caller's list shows: a matter of tokens for the toolsets, and of what is allowed for the scope. */
export function listedFor(tools: readonly Tool[], { scope, toolsets: wanted = [], loaded }: Wishes): Tool[] {
  const names = new Set([...inEveryList, ...wanted, ...loaded]);
  return tools.filter((tool) => (names.has(tool.toolset) || names.has('all')) && isInScope(tool, scope));
}

/** Held against each call too: a tool that is not shown can be called by its name. */
export function isInScope(tool: Pick<Tool, 'class'>, scope: CallerClaims['scope']): boolean {
  return tool.class === 'read' || scope !== 'read';
}
