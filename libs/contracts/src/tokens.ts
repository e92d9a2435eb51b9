import { z } from 'zod';

/** What a personal access token opens: looking, or also asking for changes, which people approve as ever. */
export const tokenScopes = ['read', 'write'] as const;
export const TokenScope = z.enum(tokenScopes);
export type TokenScope = z.infer<typeof TokenScope>;
