import { type Bus, createSeal, loadIdentity } from '@skyflo/bus';
import { type Emission, type EventDefinition, newId, type ServiceName } from '@skyflo/contracts';
import type { TestNats } from './nats.ts';

/** Another service's place at the bus, taken by a test: it says what that service would say. */
export type Voice = {
  readonly bus: Bus;
  say<E extends EventDefinition>(event: E, emission: Emission<E>): Promise<string>;
  close(): Promise<void>;
};

/** Says events on a connection, signed with that key and counting sequences as a service's store would. */
export function speaker(bus: Bus, signingKey: string): Voice['say'] {
  const seal = createSeal(loadIdentity({ service: bus.service, signingKey }));
  const sequences = new Map<string, number>();
  return async (event, emission) => {
    const key = emission.runId ?? '';
    const sequence = (sequences.get(key) ?? 0) + 1;
    sequences.set(key, sequence);
    const envelope = seal(event, { id: newId(), ...emission }, sequence);
    await bus.publish([envelope]);
    return envelope.id;
  };
}

/** Connects with the service's own user and signs with its own key. */
export async function aVoice(nats: TestNats, service: ServiceName): Promise<Voice> {
  const bus = await nats.connect(service);
  return { bus, say: speaker(bus, nats.signingKeys[service]), close: () => bus.close() };
}
