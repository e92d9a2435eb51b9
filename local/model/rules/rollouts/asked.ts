import type { Wish } from '../toolbox.ts';
import { nameWord } from '../words.ts';

/** A change that somebody wants of a rollout, and how it is told. */
export type Deed = {
  readonly tool: string;
  readonly name: string;
  readonly wish: Wish;
  readonly doing: string;
  readonly done: string;
};
/** What somebody wants to see: one rollout, or all of a kind. */
export type Looked = { readonly tool: string; readonly kind: string; readonly name?: string };

/** Has to be said, or these would be about Deployments: “the rollout web”, “the canary of web”. */
const rollout = `(?:the )?(?:argo )?(?:rollout|canary|blue-?green(?: rollout)?)(?: (?:of|for))?(?: the)?`;
/** Words of which no other kind knows: nothing else is promoted. */
const maybe = `(?:${rollout} )?(?:the )?`;
const name = `['"\`]?(?<name>${nameWord})['"\`]?`;
const image = `['"\`]?(?<image>[\\w./:@-]*\\w)`;

const deeds: readonly (readonly [RegExp, Omit<Deed, 'name'>])[] = [
  [
    new RegExp(`\\b(?:fully promote ${maybe}${name}|promote ${maybe}${name} (?:fully|all the way|to the end))`),
    { tool: 'argo_promote', wish: { full: true }, doing: 'promote the whole of', done: 'is promoted to the end' },
  ],
  [
    new RegExp(`\\bpromote ${maybe}${name}`),
    { tool: 'argo_promote', wish: {}, doing: 'promote', done: 'goes on with its next step' },
  ],
  [
    new RegExp(`\\b(?:abort|cancel) ${rollout} ${name}|\\babort ${name}`),
    { tool: 'argo_abort', wish: {}, doing: 'abort', done: 'is aborted, the stable version has all traffic' },
  ],
  [
    new RegExp(`\\bretry ${maybe}${name}`),
    { tool: 'argo_retry', wish: {}, doing: 'try again', done: 'tries its new version again' },
  ],
  [
    new RegExp(`\\b(?:pause|hold) ${rollout} ${name}`),
    { tool: 'argo_pause', wish: {}, doing: 'pause', done: 'is paused' },
  ],
  [
    new RegExp(`\\b(?:resume|unpause|continue) ${rollout} ${name}`),
    { tool: 'argo_resume', wish: {}, doing: 'resume', done: 'goes on' },
  ],
  [
    new RegExp(`\\brestart ${rollout} ${name}`),
    { tool: 'argo_restart', wish: {}, doing: 'restart', done: 'is being restarted' },
  ],
  [
    new RegExp(`\\b(?:undo|roll back|rollback) ${rollout} ${name}`),
    { tool: 'argo_undo', wish: {}, doing: 'take back', done: 'goes back to its former version' },
  ],
  [
    new RegExp(`\\b(?:set|change|update) (?:the )?image (?:of|for) ${rollout} ${name} to ${image}`),
    { tool: 'argo_set_image', wish: {}, doing: 'set the image of', done: 'begins with its new image' },
  ],
];

/** Words after “rollout” that belong to a Deployment's own commands. */
const notNames = /^(status|history|of|restart|undo|pause|resume|to|in|is|and|tools?)$/;

export function deedOf(text: string): Deed | undefined {
  for (const [pattern, deed] of deeds) {
    const said = pattern.exec(text.toLowerCase());
    const found = said?.groups?.['name'];
    if (said === null || found === undefined || notNames.test(found)) continue;
    const wanted = said.groups?.['image'];
    // Tags may have capitals.
    const at = wanted === undefined ? -1 : text.toLowerCase().indexOf(wanted);
    const wish = wanted === undefined ? deed.wish : { image: text.slice(at, at + wanted.length) };
    return { ...deed, name: found, wish };
  }
  return undefined;
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/\bexperiments\b/, 'experiment'],
  [/\banalys[ie]s ?runs\b|\banalyses\b/, 'analysisrun'],
  [/\b(?:rollouts|canaries)\b/, 'rollout'],
];
const looks: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\bhistory of ${rollout} ${name}`), 'argo_history'],
  [new RegExp(`\\bstatus of ${rollout} ${name}`), 'argo_status'],
  [new RegExp(`\\b(?:show|get|describe|see|check|look at|how is|how far is) (?:me )?${rollout} ${name}`), 'argo_get'],
];

export function lookOf(text: string): Looked | undefined {
  const lower = text.toLowerCase();
  for (const [pattern, tool] of looks) {
    const found = pattern.exec(lower)?.groups?.['name'];
    if (found !== undefined && !notNames.test(found)) return { tool, kind: 'rollout', name: found };
  }
  const kind = kinds.find(([pattern]) => pattern.test(lower))?.[1];
  return kind === undefined || !/\b(?:show|list|get|which|what|see|are there)\b/.test(lower)
    ? undefined
    : { tool: 'argo_get', kind };
}
