import { type BaseCheckpointSaver, END, START, StateGraph } from '@langchain/langgraph';
import { entry } from './entry.ts';
import { final } from './final.ts';
import { gate } from './gate.ts';
import { model } from './model.ts';
import { verify } from './verify.ts';
import { Place, type Walk } from './walk.ts';

const inner = ['model', 'gate', 'verify', 'final'] as const;
const next = (place: Place): Place['next'] => place.next;

/**
 *     entry ─▶ model ⇄ gate ⇄ verify        model: until there are calls, or the last word
 *                └──────┴───────┴─▶ final   gate: until all calls are closed; interrupts
 *
 * Each node looks at the tables, makes the move if it is its own, and goes where the next move is made. So every node may run
 * twice, and a thread that stopped anywhere goes on by `invoke(null)`.
 */
export function buildGraph(walk: Walk, checkpointer: BaseCheckpointSaver) {
  return new StateGraph(Place)
    .addNode('entry', entry(walk))
    .addNode('model', model(walk))
    .addNode('gate', gate(walk))
    .addNode('verify', verify(walk))
    .addNode('final', final(walk))
    .addEdge(START, 'entry')
    .addConditionalEdges('entry', next, [...inner])
    .addConditionalEdges('model', next, [...inner])
    .addConditionalEdges('gate', next, [...inner])
    .addConditionalEdges('verify', next, [...inner])
    .addEdge('final', END)
    .compile({ checkpointer });
}
