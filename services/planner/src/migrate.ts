import { migrateService } from '@skyflo/service-kit';
import { migrations } from './adapters/migrations/index.ts';

await migrateService('planner', migrations);
