import 'reflect-metadata';
import { bootService } from '@skyflo/service-kit';
import { migrations } from './adapters/migrations/index.ts';
import { PersonEntity } from './adapters/person.entity.ts';
import { loadConfig } from './config.ts';
import { GatewayModule } from './gateway.module.ts';
import { configureHttp } from './http/configure-http.ts';

await bootService({
  service: 'gateway',
  config: () => loadConfig(),
  migrations,
  entities: [PersonEntity],
  module: GatewayModule,
  http: configureHttp,
});
