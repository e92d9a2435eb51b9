const most = 20;

/** `/mcp?toolsets=helm,argo`: for clients that read the list of tools once. What is no name of a toolset is left out. */
export function wantedToolsets(query: unknown): string[] {
  if (typeof query !== 'string') return [];
  const names = query.split(',').filter((name) => /^[a-z][a-z0-9_-]{0,39}$/.test(name));
  return [...new Set(names)].slice(0, most);
}
