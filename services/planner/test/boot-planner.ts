import 'reflect-metadata';
import { bootService, type RunningService } from '@skyflo/service-kit';
import { migrations } from '../src/adapters/migrations/index.ts';
import { loadConfig } from '../src/config.ts';
import { PlannerModule } from '../src/planner.module.ts';

/** A planner in this process; `start-planner.ts` has those that are killed. */
export function bootPlanner(env: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = loadConfig(env);
  return bootService({ service: 'planner', ownsProcess: false, config, migrations, module: PlannerModule });
}
