import { Persistence1764000000000 } from './persistence-1.ts';

export const migrations = [Persistence1764000000000];
