import type { Answer } from '../protocol.ts';
import { whatItCan } from './small-talk.ts';
import type { Talk } from './talk.ts';

/** No guess: what is not understood is said to be not understood, and by whom. */
export function notUnderstood(talk: Talk): Answer {
  const tools = talk.tools.has('k8s_get')
    ? ''
    : '\n\nNo tools came with this request, so I could not read the cluster anyway.';
  return {
    text: `I did not understand that. I am a rule-based stand-in and no real model. I can do this:\n\n${whatItCan}\n\nFor everything else, connect a real model (\`LLM_BASE_URL\`, \`LLM_API_KEY\`, \`LLM_MODEL\`).${tools}`,
  };
}
