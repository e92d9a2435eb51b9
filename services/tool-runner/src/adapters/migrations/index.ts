import { ToolRunner1764000000000 } from './tool-runner-1.ts';

export const migrations = [ToolRunner1764000000000];
