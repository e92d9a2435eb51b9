import 'reflect-metadata';
import { bootService } from '@skyflo/service-kit';
import { migrations } from './adapters/migrations/index.ts';
import { loadConfig } from './config.ts';
import { configureHttp } from './http/configure-http.ts';
import { ToolRunnerModule } from './tool-runner.module.ts';

await bootService({
  service: 'tool-runner',
  config: loadConfig,
  migrations,
  module: ToolRunnerModule,
  poolSize: 20,
  http: configureHttp,
});
