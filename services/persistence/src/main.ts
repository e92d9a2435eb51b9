import 'reflect-metadata';
import { bootService } from '@skyflo/service-kit';
import { migrations } from './adapters/migrations/index.ts';
import { loadConfig } from './config.ts';
import { PersistenceModule } from './persistence.module.ts';

await bootService({ service: 'persistence', config: loadConfig, migrations, module: PersistenceModule });
