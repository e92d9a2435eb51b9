import { type BaseCheckpointSaver } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG } from '@skyflo/service-kit';
import { heldLeaseQuery, type Lease, leaseLost } from '@skyflo/store';
import pg from 'pg';
import type { PlannerConfig } from '../config.ts';
import { Checkpoints } from '../graph/checkpoints.ts';
import { checkpointSchema } from './checkpoint-schema.ts';

/**
 * LangGraph's Postgres saver, fenced: it has no concurrency control of its own (two processes on one thread lose wake-ups and
 * messages), so each of its transactions asks first whether this attempt still holds the run's lease.
 */
@Injectable()
export class FencedCheckpoints extends Checkpoints implements OnApplicationShutdown {
  private readonly pool: pg.Pool;

  constructor(@Inject(CONFIG) config: PlannerConfig) {
    super();
    this.pool = new pg.Pool({
      connectionString: config.databaseUrl,
      options: `-c search_path=${checkpointSchema}`,
      application_name: 'planner-checkpoints',
      max: 5,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 30_000,
    });
    // An idle connection that breaks is replaced at the next use; unheard, it would end the process.
    this.pool.on('error', () => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  saverFor(lease: Lease): BaseCheckpointSaver {
    return new PostgresSaver(this.fenced(lease), undefined, { schema: checkpointSchema });
  }

  async deleteThread(runId: string): Promise<void> {
    await new PostgresSaver(this.pool, undefined, { schema: checkpointSchema }).deleteThread(runId);
  }

  /** The saver uses `query` for reading, and `connect`, `BEGIN`, statements, `COMMIT`, `release` for writing; nothing else. */
  private fenced(lease: Lease): pg.Pool {
    const query = (sql: string, values?: unknown[]): Promise<pg.QueryResult> => this.pool.query(sql, values);
    const connect = async () => {
      const client = await this.pool.connect();
      // Ended by the server, as when this process was paused in a transaction: the next statement fails. Unheard, it would end
      // the process.
      const unheard = () => undefined;
      client.on('error', unheard);
      return {
        release: () => {
          client.release();
          client.off('error', unheard);
        },
        query: async (sql: string, values?: unknown[]): Promise<pg.QueryResult> => {
          const result = await client.query(sql, values);
          if (sql === 'BEGIN') {
            const held = await client.query(heldLeaseQuery(lease));
            if (held.rowCount === 0) throw leaseLost(lease);
          }
          return result;
        },
      };
    };
    return { query, connect } as unknown as pg.Pool;
  }
}
