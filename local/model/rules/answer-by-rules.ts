import type { Answer, ChatRequest } from '../protocol.ts';
import { apply } from './apply.ts';
import { changeFields } from './change-fields.ts';
import { changeMetadata } from './change-metadata.ts';
import { changeNode } from './change-node.ts';
import { changeWorkload } from './change-workload.ts';
import { describe } from './describe.ts';
import { diagnose } from './diagnose.ts';
import { drain } from './drain.ts';
import { events } from './events.ts';
import { fix } from './fix.ts';
import { health } from './health.ts';
import { helm } from './helm.ts';
import { helmWrites } from './helm-writes.ts';
import { investigate } from './investigate.ts';
import { jobNow } from './job-now.ts';
import { list } from './list.ts';
import { loadTools } from './load-tools.ts';
import { logs } from './logs.ts';
import { lookUp } from './look-up.ts';
import { notUnderstood } from './not-understood.ts';
import { outcomes } from './outcomes.ts';
import { remove } from './remove.ts';
import { restart } from './restart.ts';
import { rollouts } from './rollouts.ts';
import { scale } from './scale.ts';
import { setImage } from './set-image.ts';
import { smallTalk } from './small-talk.ts';
import { type Rule, toTalk } from './talk.ts';
import { wait } from './wait.ts';

/** In this order; the first that understands answers. */
const rules: readonly Rule[] = [
  outcomes,
  apply,
  helmWrites,
  helm,
  rollouts,
  fix,
  setImage,
  changeFields,
  changeWorkload,
  changeNode,
  changeMetadata,
  lookUp,
  remove,
  drain,
  jobNow,
  wait,
  scale,
  restart,
  logs,
  events,
  describe,
  health,
  investigate,
  diagnose,
  list,
  smallTalk,
];

/** The answer to a conversation by rules alone: same words in, same words out. */
export function answerByRules(request: ChatRequest): Answer {
  const talk = toTalk(request);
  for (const rule of rules) {
    const answer = rule(talk);
    const first = loadTools(talk) ?? answer;
    if (first) return first;
  }
  return notUnderstood(talk);
}
