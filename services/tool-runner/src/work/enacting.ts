import { Injectable } from '@nestjs/common';
import type { Drained } from '../domain/drain/report.ts';
import type { Verdict } from '../domain/outcome.ts';
import type { Call, LedgerEntry } from '../domain/ports.ts';
import { Evicting } from './evicting.ts';
import type { Effort } from './effort.ts';
import { Writing } from './writing.ts';

export type Enacted = Verdict | { readonly kind: 'drained'; readonly drained: Drained };

/** An approved plan, whole: its change, then the evictions that are part of it. */
@Injectable()
export class Enacting {
  constructor(
    private readonly writing: Writing,
    private readonly evicting: Evicting,
  ) {}

  async carryOut(call: Call, entry: LedgerEntry, effort: Effort): Promise<Enacted> {
    // Once pods were asked to leave, the change is known to have happened, whatever became of its annotation since.
    if (!(await this.evicting.hasBegun(entry.grantId))) {
      const verdict = await this.writing.write(call, entry, effort);
      if (verdict.kind !== 'done') return verdict;
      const drained = await this.evicting.run(call, entry, effort);
      return drained === 'none' ? verdict : enacted(drained);
    }
    const drained = await this.evicting.run(call, entry, effort);
    return enacted(drained === 'none' ? undefined : drained);
  }
}

function enacted(drained: Drained | undefined): Enacted {
  return drained ? { kind: 'drained', drained } : { kind: 'wait', why: 'another process goes on with the drain' };
}
