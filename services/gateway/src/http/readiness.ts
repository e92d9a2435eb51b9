import { Injectable } from '@nestjs/common';
import { Bus } from '@skyflo/bus';
import {
  ConversationId,
  FindApprovals,
  FindConversations,
  FindQueue,
  FindTools,
  type Health,
  PersonId,
  type ServiceName,
} from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';

/** Probes may come from many sides; the services are asked at most this often. */
const goodForMs = 1_500;
/** Nobody's id: the smallest question a service can be asked is about what does not exist. */
const nobody = PersonId.parse('00000000-0000-8000-8000-000000000000');
const nowhere = ConversationId.parse(nobody);

type Services = Partial<Record<ServiceName, 'ready' | 'unavailable'>>;

/** Whether every service answers: each is asked one of the questions it answers anyway, so ready means able to work. */
@Injectable()
export class Readiness {
  private last: { readonly atMs: number; readonly health: Promise<Health> } | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  check(): Promise<Health> {
    const nowMs = this.clock.now().getTime();
    if (!this.last || nowMs - this.last.atMs > goodForMs) this.last = { atMs: nowMs, health: this.ask() };
    return this.last.health;
  }

  private async ask(): Promise<Health> {
    const [store, runner, gate, persistence, planner] = await Promise.allSettled([
      this.store.query('select 1'),
      this.bus.ask(FindTools, {}),
      this.bus.ask(FindApprovals, { status: 'pending', requestedBy: nobody }),
      this.bus.ask(FindConversations, { owner: nobody, limit: 1 }),
      this.bus.ask(FindQueue, { conversationId: nowhere }),
    ]);
    const services: Services = {
      gateway: stateOf(store),
      planner: stateOf(planner),
      gate: stateOf(gate),
      'tool-runner': stateOf(runner),
      persistence: stateOf(persistence),
    };
    const ok = Object.values(services).every((state) => state === 'ready');
    const clusters = runner.status === 'fulfilled' ? runner.value.clusters : [];
    return { status: ok ? 'ok' : 'unavailable', services, clusters };
  }
}

function stateOf(answer: PromiseSettledResult<unknown>): 'ready' | 'unavailable' {
  return answer.status === 'fulfilled' ? 'ready' : 'unavailable';
}
