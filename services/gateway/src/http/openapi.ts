import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Problem } from '@skyflo/contracts';

/**
 * Serves the OpenAPI document, made from controllers and contracts at the first request. Public, like the source it is made
 * of: it tells what can be asked, and nothing of anybody.
 */
export function serveOpenApi(app: NestExpressApplication, prefix: string): void {
  const description = [
    'Errors are RFC 9457 problem documents with a PascalCase `code`.',
    'Sign in with a Bearer token or the cookies that `auth/login` sets.',
  ].join(' ');
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Skyflo')
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth()
    .addCookieAuth('skyflo_access')
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('cookie')
    .addGlobalResponse({ status: 'default', description: 'An RFC 9457 problem document.', standardSchema: Problem })
    .build();
  SwaggerModule.setup('openapi', app, () => SwaggerModule.createDocument(app, config), {
    ui: false,
    raw: ['json'],
    jsonDocumentUrl: `${prefix}/openapi.json`,
  });
}
