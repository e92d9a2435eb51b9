import { interrupt } from '@langchain/langgraph';

/**
 * Suspends the thread until it is woken by `invoke(null)`, which runs the node again from its first line. A resume with a
 * value would make `interrupt` return here and the run go on with something missing, so that is an error.
 */
export function wait(why: string): never {
  interrupt({ why });
  throw new Error('a run is woken by invoke(null), never with a value');
}
