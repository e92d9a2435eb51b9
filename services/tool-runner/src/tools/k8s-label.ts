import { assertLabelValue } from '../domain/metadata-keys.ts';
import { writeTool } from './tool.ts';
import { metadataArgs, metadataChange } from './write/metadata-change.ts';

export const k8sLabel = writeTool({
  name: 'k8s_label',
  title: 'Change labels',
  toolset: 'edit',
  description:
    'Sets and removes labels of one object. A person approves it first. Labels of its pods are another matter: they come from the pod template.',
  args: metadataArgs('label', 63),
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) =>
    metadataChange('labels', asked, look, (key, value) => assertLabelValue(key, value, 'set')),
});
