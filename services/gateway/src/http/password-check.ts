import { Injectable } from '@nestjs/common';
import type { Login, Person } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { AttemptLimit } from '../domain/attempt-limit.ts';
import { type Credentials, People } from '../domain/people.ts';
import { Passwords } from '../domain/passwords.ts';
import { tryAgain, unauthorized } from './http-problem.ts';

/** Ten wrong passwords for one account from one address: then five minutes of quiet. */
const attempts = { max: 10, windowMs: 5 * 60_000, maxKeys: 10_000 };

/** Finds the person of an e-mail address and a password. An unknown address and a wrong password look and take the same. */
@Injectable()
export class PasswordCheck {
  private readonly limit = new AttemptLimit(attempts);

  constructor(
    private readonly people: People,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  async personFor({ email, password }: Login, address: string): Promise<Person> {
    const key = `${email} ${address}`;
    const nowMs = this.clock.now().getTime();
    const blockedMs = this.limit.blockedForMs(key, nowMs);
    if (blockedMs > 0) throw tryAgain(429, 'TooManyAttempts', 'Too many wrong passwords: wait a little.', blockedMs);
    const known = await this.people.findByEmail(email);
    const person = personIn(known, await this.passwords.verify(password, known?.passwordHash));
    if (!person) {
      this.limit.failed(key, nowMs);
      throw unauthorized('WrongCredentials', 'The e-mail address or the password is wrong.');
    }
    this.limit.succeeded(key);
    return person;
  }
}

function personIn(known: Credentials | undefined, passwordFits: boolean): Person | undefined {
  if (!known || !passwordFits || !known.person.active) return undefined;
  const { id, email, roles } = known.person;
  return { id, email, roles };
}
