import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Login, Session, User } from '@skyflo/contracts';
import type { Request, Response } from 'express';
import { AccessTokens } from '../domain/access-tokens.ts';
import { Sessions } from '../domain/sessions.ts';
import { Public } from './access.decorator.ts';
import { accessTokenOf, type Caller, CurrentCaller } from './caller.ts';
import { readCookie, refreshCookie } from './cookies.ts';
import { sessionEnded } from './http-problem.ts';
import { PasswordCheck } from './password-check.ts';
import { SignIn } from './sign-in.ts';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly passwords: PasswordCheck,
    private readonly sessions: Sessions,
    private readonly tokens: AccessTokens,
    private readonly signIn: SignIn,
  ) {}

  @Public('this is where a token comes from')
  @Post('login')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: Session })
  async login(
    @Body({ schema: Login }) login: Login,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Session> {
    const person = await this.passwords.personFor(login, request.ip ?? '');
    return this.signIn.begin(person, response);
  }

  @Public('the refresh token in the cookie is what is checked')
  @Post('refresh')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: Session })
  async refresh(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<Session> {
    const token = readCookie(request, refreshCookie);
    const refreshed = token === undefined ? { verdict: 'unknown' as const } : await this.sessions.refresh(token);
    if (refreshed.verdict === 'exchange') return this.signIn.proceed(refreshed.session, response);
    this.signIn.forget(response);
    throw sessionEnded();
  }

  @Public('ending a session must work with an expired token, too')
  @Post('logout')
  @HttpCode(204)
  @ApiNoContentResponse()
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const refreshToken = readCookie(request, refreshCookie);
    if (refreshToken !== undefined) await this.sessions.close({ refreshToken });
    const claims = await this.tokens.read(accessTokenOf(request) ?? '');
    if (typeof claims === 'object') await this.sessions.close({ sessionId: claims.sessionId });
    this.signIn.forget(response);
  }

  @Get('me')
  @ApiOkResponse({ standardSchema: User })
  me(@CurrentCaller() caller: Caller): User {
    return caller.person;
  }
}
