import { Injectable } from '@nestjs/common';
import { isRelease } from '../domain/helm/operation.ts';
import type { Verdict } from '../domain/outcome.ts';
import type { Call, LedgerEntry } from '../domain/ports.ts';
import { Evicting } from './evicting.ts';
import type { Effort } from './effort.ts';
import { Making } from './making.ts';
import { Releasing } from './releasing.ts';
import { Running } from './running.ts';
import { Writing } from './writing.ts';

/** `told`: it happened, and there is more to say than what changed. */
export type Enacted = Verdict | ({ readonly kind: 'told' } & Told);
export type Told = { readonly text: string; readonly facts: { readonly [name: string]: number | boolean } };

/** An approved plan, whole: its change, then the evictions that are part of it. */
@Injectable()
export class Enacting {
  constructor(
    private readonly writing: Writing,
    private readonly evicting: Evicting,
    private readonly running: Running,
    private readonly making: Making,
    private readonly releasing: Releasing,
  ) {}

  async carryOut(call: Call, entry: LedgerEntry, effort: Effort): Promise<Enacted> {
    const { verb, subresource } = entry.request;
    if (isRelease(entry.request)) return this.releasing.write(call, entry, effort);
    if (subresource === 'exec') return this.running.run(call, entry, effort);
    if (verb === 'create') return this.making.make(call, entry, effort);
    // Once pods were asked to leave, the change is known to have happened, whatever became of its annotation since.
    const hasBegun = await this.evicting.hasBegun(entry.grantId);
    const verdict = hasBegun ? undefined : await this.writing.write(call, entry, effort);
    if (verdict && verdict.kind !== 'done') return verdict;
    const drained = await this.evicting.run(call, entry, effort);
    if (drained === 'none' && verdict) return verdict;
    return drained && drained !== 'none'
      ? { kind: 'told', ...drained }
      : { kind: 'wait', why: 'another process goes on' };
  }
}
