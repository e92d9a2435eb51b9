import 'reflect-metadata';
import { bootService } from '@skyflo/service-kit';
import { migrations } from './adapters/migrations/index.ts';
import { loadConfig } from './config.ts';
import { PlannerModule } from './planner.module.ts';

await bootService({ service: 'planner', config: loadConfig, migrations, module: PlannerModule });
