import { Failure } from '@skyflo/contracts';
import { looksSecret } from '../domain/mask.ts';
import { writeTool } from './tool.ts';
import { metadataArgs, metadataChange } from './write/metadata-change.ts';

export const k8sAnnotate = writeTool({
  name: 'k8s_annotate',
  title: 'Change annotations',
  toolset: 'edit',
  description: 'Sets and removes annotations of one object. A person approves it first.',
  args: metadataArgs('annotation', 4096),
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => metadataChange('annotations', asked, look, assertPlain),
});

/** Whoever may read the object reads its annotations. */
function assertPlain(key: string, value: string): void {
  if (looksSecret(key.slice(key.indexOf('/') + 1), value))
    throw Failure.terminal('SecretInPlain', `set: the value of ${key} looks like a secret.`, {
      hint: 'Keep it in a Secret and name that one in the annotation.',
    });
}
