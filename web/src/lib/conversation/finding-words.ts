import type { Finding } from '@skyflo/contracts';
import type { DotState } from '#lib/parts/dot-state.ts';

/** How a severity looks, and the word beside its mark. */
export const severityLooks: Readonly<Record<Finding['severity'], { readonly dot: DotState; readonly word: string }>> = {
  critical: { dot: 'broken', word: 'Critical' },
  warning: { dot: 'warning', word: 'Warning' },
  info: { dot: 'done', word: 'Note' },
};

/** `CrashLoop` as people read it: `Crash loop`. */
export function kindWords(kind: string): string {
  const words = kind.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The suggested call as a message that a person reads, changes and sends; `…` stands where only they know what belongs there. */
export function askFor(next: NonNullable<Finding['next']>): string {
  const said = (name: string): string => (typeof next.args[name] === 'string' ? next.args[name] : '');
  const [kind, name, namespace] = [said('kind').toLowerCase(), said('name'), said('namespace')];
  const where = namespace === '' ? '' : ` in ${namespace}`;
  switch (next.tool) {
    case 'k8s_set_image':
      return `Set the image of ${name}${where} to ${said('image') || '…'}`;
    case 'k8s_logs':
      return `Logs of ${name}${where}`;
    case 'k8s_describe':
      return `Describe ${kind} ${name}${where}`;
    case 'k8s_get':
      return `Show ${kind}s${where}`;
    case 'k8s_rollout_status':
      return `Rollout status of ${name}${where}`;
    default:
      return `Use ${next.tool}: ${JSON.stringify(next.args)}`;
  }
}
