import { Evictions1764000000005 } from './evictions-1.ts';
import { LedgerSteps1764000000010 } from './ledger-steps-1.ts';
import { LoadedToolsets1764000000002 } from './loaded-toolsets-1.ts';
import { OwnRuns1764000000001 } from './own-runs-1.ts';
import { ToolRunner1764000000000 } from './tool-runner-1.ts';

export const migrations = [
  ToolRunner1764000000000,
  OwnRuns1764000000001,
  LoadedToolsets1764000000002,
  Evictions1764000000005,
  LedgerSteps1764000000010,
];
