import { Annotation } from '@langchain/langgraph';
import { assertNever } from '@skyflo/contracts';
import type { Lease } from '@skyflo/store';
import type { Journal } from '../domain/ports.ts';
import type { RunView } from '../domain/run-view.ts';
import type { Move } from '../domain/what-next.ts';
import type { Asking } from './asking.ts';

/** The thread is a program counter and nothing else; what the run knows is in the planner's tables. */
export const Place = Annotation.Root({ step: Annotation<number>, next: Annotation<Node> });
export type Place = typeof Place.State;
export type Node = 'entry' | 'model' | 'gate' | 'verify' | 'final';

export type Look = { readonly run: RunView; readonly move: Move };

/** One process's way through one run under one lease: what the nodes work with. */
export type Walk = {
  readonly runId: string;
  readonly lease: Lease;
  readonly asking: Asking;
  readonly journal: Journal;
  readonly limits: { readonly maxCalls: number };
  /** As it was at the last look; the node before has looked again after what it wrote. Whoever waits is looked after anew. */
  look(): Look;
  lookAgain(): Promise<Look>;
  /** Another run's turn has come. */
  wake(runId: string): void;
};

/** Where a move is made. */
export function placeOf(move: Move): Place {
  return { step: move.step, next: nodeOf(move) };
}

function nodeOf(move: Move): Node {
  switch (move.do) {
    case 'ask-model':
    case 'wait-for-turn':
      return 'model';
    case 'wait-for-calls':
      return 'gate';
    case 'verify':
    case 'compare':
      return 'verify';
    case 'end':
    case 'nothing':
      return 'final';
    default:
      return assertNever(move, 'move');
  }
}
