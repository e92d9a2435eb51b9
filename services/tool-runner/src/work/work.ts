import { Injectable } from '@nestjs/common';
import { assertNever } from '@skyflo/contracts';
import type { Call } from '../domain/ports.ts';
import type { Effort } from './effort.ts';
import { Executing } from './executing.ts';
import { Planning } from './planning.ts';
import { Reading } from './reading.ts';

/** What is due, whoever does it. */
@Injectable()
export class Work {
  constructor(
    private readonly planning: Planning,
    private readonly reading: Reading,
    private readonly executing: Executing,
  ) {}

  async carryOn(call: Call, effort: Effort): Promise<void> {
    switch (call.due) {
      case 'plan':
        return this.planning.run(call, effort);
      case 'read':
        return this.reading.run(call, effort);
      case 'execute':
        return this.executing.run(call, effort);
      case undefined:
        return undefined;
      default:
        return assertNever(call.due);
    }
  }
}
