import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { MadeToken, NewToken, Problem, TokenId, TokenList } from '@skyflo/contracts';
import { mostTokens, PersonalTokens } from '../domain/personal-tokens.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { HttpProblem, notFound, sessionEnded } from './http-problem.ts';

/** Personal access tokens: everybody's own, for their agents at /mcp. A token cannot make or revoke tokens. */
@ApiTags('tokens')
@Controller('tokens')
export class TokensController {
  constructor(private readonly tokens: PersonalTokens) {}

  /** The answer is the only place where the token itself is ever shown. */
  @Post()
  @ApiCreatedResponse({ standardSchema: MadeToken })
  @ApiConflictResponse({ standardSchema: Problem })
  async make(@CurrentCaller() { person }: Caller, @Body({ schema: NewToken }) wanted: NewToken): Promise<MadeToken> {
    const made = await this.tokens.make(person, wanted);
    if (made === 'ended') throw sessionEnded();
    if (made === 'too-many')
      throw new HttpProblem(
        409,
        'TooManyTokens',
        `You have ${mostTokens} tokens: revoke one that is not used any more.`,
      );
    return made;
  }

  @Get()
  @ApiOkResponse({ standardSchema: TokenList })
  async list(@CurrentCaller() { person }: Caller): Promise<TokenList> {
    return { items: await this.tokens.list(person.id) };
  }

  /** At once: the next request with it is a 401, and calls that it made and that still wait for somebody are withdrawn. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  async revoke(@CurrentCaller() { person }: Caller, @Param('id', { schema: TokenId }) id: TokenId): Promise<void> {
    if (!(await this.tokens.revoke(id, person))) throw notFound('token');
  }
}
