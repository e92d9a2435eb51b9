import { Injectable } from '@nestjs/common';
import { Bus } from '@skyflo/bus';
import { FindPeople, type PersonId } from '@skyflo/contracts';
import type { PersonNow } from '../domain/approval.ts';
import { People } from '../domain/ports.ts';

@Injectable()
export class BusPeople extends People {
  constructor(private readonly bus: Bus) {
    super();
  }

  async find(ids: readonly PersonId[]): Promise<readonly PersonNow[]> {
    const { people } = await this.bus.ask(FindPeople, { ids: [...new Set(ids)] });
    return people;
  }
}
