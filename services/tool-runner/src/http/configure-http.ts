import type { NestExpressApplication } from '@nestjs/platform-express';
import { McpEndpoint } from './mcp-endpoint.ts';

/** One address beside health and metrics, and nobody is answered there without a caller token. */
export function configureHttp(app: NestExpressApplication): void {
  app.use('/mcp', app.get(McpEndpoint).handle);
}
