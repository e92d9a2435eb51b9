/** The meanings a colour may carry; `plain` is none of them. */
export type Tone = 'plain' | 'read' | 'write' | 'waiting' | 'verified' | 'danger' | 'uncertain';

/** Ink on the pale ground of a meaning. */
export const toneOnGround: Record<Tone, string> = {
  plain: 'bg-active text-ink',
  read: 'bg-read-bg text-read',
  write: 'bg-write-bg text-write',
  waiting: 'bg-waiting-bg text-waiting',
  verified: 'bg-verified-bg text-verified',
  danger: 'bg-danger-bg text-danger',
  uncertain: 'bg-uncertain-bg text-uncertain',
};

/** Ink alone. */
export const toneInk: Record<Tone, string> = {
  plain: 'text-ink-2',
  read: 'text-read',
  write: 'text-write',
  waiting: 'text-waiting',
  verified: 'text-verified',
  danger: 'text-danger',
  uncertain: 'text-uncertain',
};

/** Border and ground of a card's head. */
export const toneHead: Record<Tone, string> = {
  plain: 'bg-canvas border-line',
  read: 'bg-read-bg border-read-line',
  write: 'bg-write-bg border-write-line',
  waiting: 'bg-waiting-bg border-waiting-line',
  verified: 'bg-verified-bg border-verified-line',
  danger: 'bg-danger-bg border-danger-line',
  uncertain: 'bg-uncertain-bg border-uncertain-line',
};

/** Border of a whole card. */
export const toneLine: Record<Tone, string> = {
  plain: 'border-line',
  read: 'border-read-line',
  write: 'border-write-line',
  waiting: 'border-waiting-line',
  verified: 'border-verified-line',
  danger: 'border-danger-line',
  uncertain: 'border-uncertain-line',
};
