import { Checkpoints1764000000001 } from './checkpoints-1.ts';
import { GivenUpRuns1764000000002 } from './given-up-runs-1.ts';
import { Planner1764000000000 } from './planner-1.ts';
import { Queue1764000000003 } from './queue-1.ts';
import { TimeUp1764000000004 } from './time-up-1.ts';

export const migrations = [
  Planner1764000000000,
  Checkpoints1764000000001,
  GivenUpRuns1764000000002,
  Queue1764000000003,
  TimeUp1764000000004,
];
