import type { Bus, Followed } from '@skyflo/bus';
import type { AnyEvent } from '@skyflo/contracts';

type Said<T extends AnyEvent['type']> = Extract<AnyEvent, { type: T }>;

/** Waits for an event of the conversation, of one of those types; remembers what came before. */
export function hear(bus: Bus, conversationId: string) {
  const stopping = new AbortController();
  const events: AnyEvent[] = [];
  const waiting = new Set<() => void>();
  const follow = async (followed: AsyncIterable<Followed>) => {
    for await (const item of followed) {
      if (item.kind === 'event') events.push(item.event as AnyEvent);
      for (const wake of waiting) wake();
    }
  };
  void follow(bus.follow(conversationId, { signal: stopping.signal }));
  const event = async <T extends AnyEvent['type']>(...types: T[]): Promise<Said<T>> => {
    for (;;) {
      const found = events.find(({ type }) => types.some((wanted) => wanted === type));
      if (found) return found as Said<T>;
      await new Promise<void>((resolve) => {
        const wake = () => (waiting.delete(wake), resolve());
        waiting.add(wake);
      });
    }
  };
  const data = async <T extends AnyEvent['type']>(...types: T[]): Promise<Said<T>['data']> =>
    (await event(...types)).data as Said<T>['data'];
  return Object.assign(data, {
    event,
    all: () => [...events],
    types: () => events.map(({ type }) => type),
    stop: () => stopping.abort(),
  });
}
