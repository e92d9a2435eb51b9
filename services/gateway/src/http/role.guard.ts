import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { hasRole } from '@skyflo/contracts';
import { NeedsRole } from './access.decorator.ts';
import type { CallerRequest } from './caller.ts';
import { forbidden } from './http-problem.ts';
import { isHttp } from './is-http.ts';

@Injectable()
export class RoleGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (!isHttp(context)) return true;
    const needed = this.reflector.getAllAndOverride(NeedsRole, [context.getHandler(), context.getClass()]);
    if (needed === undefined) return true;
    const { caller } = context.switchToHttp().getRequest<CallerRequest>();
    if (caller && hasRole(caller.person.roles, needed)) return true;
    throw forbidden('RoleMissing', `This needs the role ${needed}.`);
  }
}
