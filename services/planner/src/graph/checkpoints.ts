import type { BaseCheckpointSaver } from '@langchain/langgraph';
import type { Lease } from '@skyflo/store';

/** Where the program counters of runs are kept. */
export abstract class Checkpoints {
  /** A saver that writes nothing any more once the lease is lost. */
  abstract saverFor(lease: Lease): BaseCheckpointSaver;
  abstract deleteThread(runId: string): Promise<void>;
}
