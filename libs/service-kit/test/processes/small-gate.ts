import { bootService } from '../../src/index.ts';
import { Calls1700000000000, loadConfig, SmallGateModule } from '../small-gate.ts';

await bootService({
  service: 'gate',
  config: () => loadConfig(process.env),
  migrations: [Calls1700000000000],
  module: SmallGateModule,
});
