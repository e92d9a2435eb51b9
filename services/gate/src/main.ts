import 'reflect-metadata';
import { bootService } from '@skyflo/service-kit';
import { migrations } from './adapters/migrations/index.ts';
import { loadConfig } from './config.ts';
import { GateModule } from './gate.module.ts';

await bootService({ service: 'gate', config: loadConfig, migrations, module: GateModule });
