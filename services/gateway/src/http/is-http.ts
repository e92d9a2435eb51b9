import type { ExecutionContext } from '@nestjs/common';

/** Global guards see what comes over the bus, too; the bus has checked it by its own rules. */
export function isHttp(context: ExecutionContext): boolean {
  return context.getType() === 'http';
}
