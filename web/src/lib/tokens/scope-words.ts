import type { TokenScope } from '@skyflo/contracts';

export const scopeWord: Readonly<Record<TokenScope, string>> = { read: 'Read only', write: 'Read and ask for changes' };
export const scopeMeaning: Readonly<Record<TokenScope, string>> = {
  read: 'Looks at clusters, and at nothing that you may not see.',
  write: 'Proposes changes too. Each waits until a person has approved exactly that change.',
};
