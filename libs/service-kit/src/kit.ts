import type { Bus } from '@skyflo/bus';
import type { ServiceName } from '@skyflo/contracts';
import type { Store } from '@skyflo/store';
import type { Clock } from './clock.ts';
import type { BaseConfig } from './config.ts';
import type { Logger } from './logger.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** What every service stands on; all of it can be injected (`KitModule`). */
export type Kit<C extends BaseConfig = BaseConfig> = {
  readonly service: ServiceName;
  readonly config: C;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly store: Store;
  readonly telemetry: Telemetry;
};
