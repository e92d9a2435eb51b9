import { Inject, Injectable } from '@nestjs/common';
import { type KeyRing, loadKeyRing, readCallerToken } from '@skyflo/bus';
import { Clock, CONFIG } from '@skyflo/service-kit';
import type { ToolRunnerConfig } from '../config.ts';
import { type Caller, Callers } from '../domain/callers.ts';

/** Believes the gateway's key, the one that its events are signed with. */
@Injectable()
export class SignedCallers extends Callers {
  private readonly keyRing: KeyRing;

  constructor(
    private readonly clock: Clock,
    @Inject(CONFIG) config: ToolRunnerConfig,
  ) {
    super();
    this.keyRing = loadKeyRing(config.publicKeys);
  }

  override identify(token: string): Caller {
    return readCallerToken(this.keyRing, token, { audience: 'tool-runner', now: this.clock.now() });
  }
}
