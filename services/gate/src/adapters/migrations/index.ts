import { Gate1764000000000 } from './gate-1.ts';

export const migrations = [Gate1764000000000];
