import type { RolloutStep, RolloutView } from '@skyflo/contracts';
import type { DotState } from '#lib/parts/dot-state.ts';

const looks: Readonly<Record<string, DotState>> = {
  Healthy: 'healthy',
  Progressing: 'changing',
  Paused: 'waiting',
  Degraded: 'broken',
};

/** How a phase looks; the list of phases may grow. */
export function phaseLook(phase: string): DotState {
  return looks[phase] ?? 'off';
}

/** A step in one or two words, for the rail; its whole text is told beside it. */
export function stepLabel({ text, weight }: RolloutStep): string {
  if (weight !== undefined) return `${weight}%`;
  const [, duration] = /^pause (?!until)(\S+)$/.exec(text) ?? [];
  if (duration !== undefined) return duration;
  return text.startsWith('pause') ? 'Pause' : sentence(text.split(' ')[0] ?? '');
}

/** Whether somebody has to decide before it goes on. */
export function isGate({ text }: RolloutStep): boolean {
  return text === 'pause until promoted';
}

/** `Canary, step 2 of 5`; how it goes about an update, and how far it is. */
export function strategyWords({ strategy, steps }: Pick<RolloutView, 'strategy' | 'steps'>): string {
  if (strategy === 'blueGreen') return 'Blue-green';
  const at = steps.findIndex(({ state }) => state === 'now');
  if (steps.length === 0) return 'Canary without steps';
  return at < 0 ? `Canary, all ${steps.length} steps done` : `Canary, step ${at + 1} of ${steps.length}`;
}

/** `Canary 25% of 50%`: what the new version has, and what the steps so far ask for; once, where they are alike. */
export function weightWords({
  weight,
  actualWeight,
}: Pick<RolloutView, 'weight' | 'actualWeight'>): string | undefined {
  if (weight === undefined || actualWeight === undefined) return undefined;
  return weight === actualWeight ? `${weight}% new version` : `${actualWeight}% new version, ${weight}% wanted`;
}

function sentence(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
