import type { Answer } from '../protocol.ts';
import type { Talk } from './talk.ts';
import type { ToolResult } from './tool-result.ts';

/** Whatever was asked: a call that came back without what was wanted is said first, and plainly. */
export function outcomes(talk: Talk): Answer | undefined {
  const last = talk.rounds.at(-1) ?? [];
  const preparing = last.find((result) => result.fields['code'] === 'ClusterPreparing');
  if (preparing) return { text: preparing.text };
  const telling = last.find(
    (result) => result.status === 'refused' || result.status === 'uncertain' || result.status === 'cancelled',
  );
  if (telling) return { text: tell(telling) };
  const failed = last.filter((result) => result.status === 'failed');
  // Among several reads the others still say something; alone, the failure is the answer.
  return failed.length > 0 && failed.length === last.length
    ? { text: [...new Set(failed.map(tell))].join('\n\n') }
    : undefined;
}

function tell(result: ToolResult): string {
  const { by, reason, message, sent, seen, next, hint } = result.fields;
  switch (result.status) {
    case 'refused':
      return [
        `**Not done.** ${message ?? result.text}`,
        by && reason ? `${by} gave this reason: “${reason}”` : '',
        'Nothing was changed in the cluster.',
      ]
        .filter((line) => line !== '')
        .join('\n\n');
    case 'uncertain':
      return `**It is uncertain whether this happened.** Sent: ${sent ?? ''}. Seen: ${seen ?? ''}.\n\nWhere to look next: ${next ?? ''}`;
    case 'cancelled':
      return `The call was cancelled before it touched the cluster: ${reason ?? result.text}`;
    case 'finished':
      return result.text;
    case 'failed':
      return `\`${result.tool}\` did not work: ${message ?? result.text}${hint ? `\n\n${hint}` : ''}`;
  }
}
