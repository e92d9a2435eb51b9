import type { Script } from '../../local/model/index.ts';

export const model = 'bench';
export const streamedTokens = 200;
const tokenDelayMs = 20;
const words = (count: number) => Array.from({ length: count }, (_, n) => `word${n % 10} `).join('');
const get = { tool: 'k8s_get', args: { kind: 'pods', namespace: 'shop' } };
const scaleTo = (replicas: number) => ({
  match: `^scale to ${replicas}$`,
  round: 0,
  calls: [{ tool: 'k8s_scale', args: { kind: 'Deployment', namespace: 'shop', name: 'checkout', replicas } }],
});

/** A model that thinks for no time at all, so that all of the time is ours. */
export const script: Script = {
  model,
  steps: [
    { match: '^text$', text: words(20) },
    { match: '^read$', round: 0, calls: [get] },
    { match: '^reads$', round: 0, calls: Array.from({ length: 5 }, () => get) },
    { match: '^stream$', text: words(streamedTokens), delayMs: tokenDelayMs },
    scaleTo(2),
    scaleTo(3),
    { match: '.', text: 'Done.' },
  ],
};
