import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, Logger } from '@skyflo/service-kit';
import type { GatewayConfig } from '../config.ts';
import { People } from '../domain/people.ts';
import { Newcomers } from './newcomers.ts';

/** Makes the configured admin at boot where there is none yet, so that an installation can come up without the set-up link. */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  constructor(
    private readonly people: People,
    private readonly newcomers: Newcomers,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { adminEmail: email, adminPassword: password } = this.config;
    if (email === undefined || password === undefined || !(await this.people.lackAdmin())) return;
    const newcomer = await this.newcomers.prepare({ email, password, roles: ['admin'] });
    if (await this.people.addFirstAdmin(newcomer)) this.logger.info('first admin made', { email });
  }
}
