import { createHash, timingSafeEqual } from 'node:crypto';
import { Body, Controller, Get, Inject, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Session, Setup, SetupState } from '@skyflo/contracts';
import { CONFIG } from '@skyflo/service-kit';
import type { Response } from 'express';
import type { GatewayConfig } from '../config.ts';
import { People } from '../domain/people.ts';
import { Public } from './access.decorator.ts';
import { HttpProblem, unauthorized } from './http-problem.ts';
import { Newcomers } from './newcomers.ts';
import { SignIn } from './sign-in.ts';

@ApiTags('auth')
@Controller('auth/setup')
export class SetupController {
  constructor(
    private readonly people: People,
    private readonly newcomers: Newcomers,
    private readonly signIn: SignIn,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Public('the console asks before anybody can sign in; it tells no more than trying would')
  @Get()
  @ApiOkResponse({ standardSchema: SetupState })
  async state(): Promise<SetupState> {
    return { needed: await this.people.lackAdmin() };
  }

  @Public('the one-time token is what is checked')
  @Post()
  @ApiCreatedResponse({ standardSchema: Session })
  async setUp(@Body({ schema: Setup }) setup: Setup, @Res({ passthrough: true }) response: Response): Promise<Session> {
    if (!(await this.people.lackAdmin())) throw done();
    if (!isSame(setup.token, this.config.setupToken))
      throw unauthorized('WrongSetupToken', 'The set-up token is not the one this installation printed.');
    const newcomer = await this.newcomers.prepare({ ...setup, roles: ['admin'] });
    if (!(await this.people.addFirstAdmin(newcomer))) throw done();
    return this.signIn.begin(newcomer.person, response);
  }
}

function done(): HttpProblem {
  return new HttpProblem(409, 'SetupDone', 'This installation has its admin already: sign in.');
}

/** Compares hashes, so that neither content nor length of the token shows in the time it takes. */
function isSame(given: string, expected: string | undefined): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return expected !== undefined && timingSafeEqual(digest(given), digest(expected));
}
