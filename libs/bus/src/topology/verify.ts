import { JetStreamApiError } from '@nats-io/jetstream';
import type { ServiceName } from '@skyflo/contracts';
import type { Connection } from '../connection/connection.ts';
import { topology, viewers, type ConsumerSpec } from './topology.ts';

/**
 * What a service needs of the topology and cannot find on the server, as far as its permissions let it look: its durables
 * with their subjects, and the stream it shows. One sentence each.
 */
export async function missingFrom(connection: Connection, service: ServiceName): Promise<readonly string[]> {
  const own = topology().consumers.filter((consumer) => consumer.service === service);
  const found = await Promise.all([
    ...own.map((consumer) => consumerProblem(connection, consumer)),
    ...(viewers.includes(service) ? [streamProblem(connection)] : []),
  ]);
  return found.filter((problem) => problem !== undefined);
}

async function consumerProblem({ jsm }: Connection, spec: ConsumerSpec): Promise<string | undefined> {
  const name = `the durable ${spec.durable} of the stream ${spec.stream}`;
  try {
    const { config } = await jsm.consumers.info(spec.stream, spec.durable);
    const subjects = new Set([config.filter_subject, ...(config.filter_subjects ?? [])]);
    const missing = spec.filterSubjects.filter((subject) => !subjects.has(subject));
    return missing.length === 0 ? undefined : `${name} does not hear ${missing.join(', ')}: apply the topology`;
  } catch (error) {
    return `${name} ${reasonOf(error)}`;
  }
}

async function streamProblem({ jsm }: Connection): Promise<string | undefined> {
  try {
    const { config } = await jsm.streams.info('RUNS');
    return config.republish && config.allow_direct
      ? undefined
      : 'the stream RUNS cannot be looked at live: apply the topology';
  } catch (error) {
    return `the stream RUNS ${reasonOf(error)}`;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof JetStreamApiError && error.status === 404) return 'does not exist: apply the topology';
  return `cannot be looked up: ${error instanceof Error ? error.message : String(error)}`;
}
