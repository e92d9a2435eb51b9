import { z } from 'zod';
import { explainField } from '../domain/explain.ts';
import * as arg from './args.ts';
import { readTool } from './tool.ts';

const args = z.strictObject({
  kind: arg.kind,
  path: arg.schemaPath.optional().describe('Field, such as spec.strategy; leave out for the kind itself.'),
  cluster: arg.cluster,
});

export const k8sExplain = readTool({
  name: 'k8s_explain',
  title: 'Explain a field',
  toolset: 'api',
  description:
    'What a kind or one of its fields means in this very cluster: its text, type and fields one level down, those of custom resources too. Use it before you write a field you are not sure of.',
  args,
  read: async ({ kind, path }, { cluster }) => {
    const type = await cluster.discovery.resolve(kind);
    return { text: explainField(await cluster.schemas.of(type), type, path) };
  },
});
