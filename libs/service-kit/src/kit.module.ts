import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Bus } from '@skyflo/bus';
import { Leases, Store } from '@skyflo/store';
import { Clock } from './clock.ts';
import type { Kit } from './kit.ts';
import { Logger } from './logger.ts';

/** The service's parsed configuration: `@Inject(CONFIG) private readonly config: GateConfig`. */
export const CONFIG = Symbol('CONFIG');

/** Global: `Bus`, `Store`, `Leases`, `Logger` and `Clock` are injected by their classes everywhere. */
@Module({})
export class KitModule {
  static of(kit: Kit): DynamicModule {
    const providers = [
      { provide: Bus, useValue: kit.bus },
      { provide: Store, useValue: kit.store },
      { provide: Leases, useValue: kit.store.leases },
      { provide: Logger, useValue: kit.logger },
      { provide: Clock, useValue: kit.clock },
      { provide: CONFIG, useValue: kit.config },
    ];
    return { module: KitModule, global: true, providers, exports: providers };
  }
}
