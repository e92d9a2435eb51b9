import { Reflector } from '@nestjs/core';
import type { Role } from '@skyflo/contracts';

/** Lets everybody in, and says why that is right. Every route without it wants a signed-in person. */
export const Public = Reflector.createDecorator<string>();

/** The least role a person needs to get as far as the route's own rules. */
export const NeedsRole = Reflector.createDecorator<Role>();

/** Lets personal access tokens in beside sessions; everywhere else they open nothing. */
export const TakesPersonalTokens = Reflector.createDecorator<true>();
