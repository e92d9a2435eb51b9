import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@skyflo/service-kit';
import type { ToolRunnerConfig } from '../config.ts';
import { KeyedDigest } from '../domain/ports.ts';

@Injectable()
export class HmacDigest extends KeyedDigest {
  constructor(@Inject(CONFIG) private readonly config: ToolRunnerConfig) {
    super();
  }

  override of(text: string): string {
    return createHmac('sha256', Buffer.from(this.config.ledgerKey, 'hex')).update(text).digest('hex');
  }
}
