import type { Proposal } from '../domain/prompt.ts';

type Delta = { readonly index: number; readonly function?: { readonly name?: string; readonly arguments?: string } };

/** Puts tool calls together from the pieces they are streamed in. */
export class ProposalParts {
  readonly #parts = new Map<number, { tool: string; args: string }>();

  add(deltas: readonly Delta[] | undefined): void {
    for (const { index, function: piece } of deltas ?? []) {
      const part = this.#parts.get(index) ?? { tool: '', args: '' };
      this.#parts.set(index, { tool: part.tool + (piece?.name ?? ''), args: part.args + (piece?.arguments ?? '') });
    }
  }

  get proposals(): Proposal[] {
    return [...this.#parts].toSorted(([a], [b]) => a - b).map(([, part]) => part);
  }
}
