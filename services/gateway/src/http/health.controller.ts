import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { Health } from '@skyflo/contracts';
import type { Response } from 'express';
import { Public } from './access.decorator.ts';
import { Readiness } from './readiness.ts';

@ApiTags('health')
@Public('who watches over the processes has no account')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** This process answers; nothing else is asked. */
  @Get('live')
  @ApiOkResponse({ standardSchema: Health })
  live(): Health {
    return { status: 'ok', services: { gateway: 'ready' }, clusters: [] };
  }

  /** Every service answers. The clusters' state is told, and does not count: an installation without a cluster is ready. */
  @Get('ready')
  @ApiOkResponse({ standardSchema: Health })
  @ApiServiceUnavailableResponse({ standardSchema: Health })
  async ready(@Res({ passthrough: true }) response: Response): Promise<Health> {
    const health = await this.readiness.check();
    if (health.status !== 'ok') response.status(503).set('Retry-After', '2');
    return health;
  }
}
