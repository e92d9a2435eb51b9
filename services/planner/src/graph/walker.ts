import { Inject, Injectable } from '@nestjs/common';
import { Failure } from '@skyflo/contracts';
import { Clock, CONFIG } from '@skyflo/service-kit';
import type { Lease } from '@skyflo/store';
import type { PlannerConfig } from '../config.ts';
import { Journal, Runs } from '../domain/ports.ts';
import { whatNext } from '../domain/what-next.ts';
import { Asking } from './asking.ts';
import { Checkpoints } from './checkpoints.ts';
import { buildGraph } from './graph.ts';
import type { Look } from './walk.ts';

/** Above what any run's limits allow; LangGraph's own count would end long runs. */
const recursionLimit = 10_000;

/** Takes one run as far as it goes now. */
@Injectable()
export class Walker {
  constructor(
    private readonly runs: Runs,
    private readonly asking: Asking,
    private readonly journal: Journal,
    private readonly checkpoints: Checkpoints,
    @Inject(CONFIG) private readonly config: PlannerConfig,
    private readonly clock: Clock,
  ) {}

  async look(runId: string): Promise<Look> {
    const run = await this.runs.view(runId);
    if (!run) throw Failure.terminal('RunUnknown', `There is no run ${runId}.`);
    return { run, move: whatNext(run, this.config, this.clock.now()) };
  }

  async walk(runId: string, lease: Lease, wake: (runId: string) => void): Promise<void> {
    const { asking, journal, config: limits } = this;
    const { run, move } = await this.look(runId);
    if (move.do === 'nothing') return;
    if (move.do === 'ask-model') void asking.begin(run, move, lease);
    const saver = this.checkpoints.saverFor(lease);
    let known: Look = { run, move };
    const look = () => known;
    const lookAgain = async () => (known = await this.look(runId));
    const graph = buildGraph({ runId, lease, asking, journal, limits, look, lookAgain, wake }, saver);
    const thread = { configurable: { thread_id: runId } };
    try {
      const begun = await saver.getTuple(thread);
      await graph.invoke(begun ? null : { step: move.step, next: 'entry' }, {
        ...thread,
        // Kept where the walk waits, not at every step: a thread that was cut short begins at its entry, which asks the tables.
        durability: 'exit',
        recursionLimit,
      });
    } finally {
      asking.forget(runId);
    }
  }

  /** The thread of a run that is over is of no more use. */
  async tidy(runId: string): Promise<void> {
    await this.checkpoints.deleteThread(runId);
    await this.runs.threadDeleted(runId);
  }
}
