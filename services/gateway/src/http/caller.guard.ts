import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Public, TakesPersonalTokens } from './access.decorator.ts';
import { accessTokenOf, type CallerRequest } from './caller.ts';
import { Callers } from './callers.ts';
import { isHttp } from './is-http.ts';

@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly callers: Callers,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!isHttp(context)) return true;
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(Public, route) !== undefined) return true;
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const personalTokens = this.reflector.getAllAndOverride(TakesPersonalTokens, route) ?? false;
    request.caller = await this.callers.identify(accessTokenOf(request), { personalTokens });
    return true;
  }
}
