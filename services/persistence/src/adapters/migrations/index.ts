import { Persistence1764000000000 } from './persistence-1.ts';
import { Persistence1764000000001 } from './persistence-2.ts';

export const migrations = [Persistence1764000000000, Persistence1764000000001];
