import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { pathProblem } from '../domain/exec/file-path.ts';
import { secretMounts } from '../domain/exec/secret-mounts.ts';
import { podArgs, runningContainer } from './exec/target.ts';
import { writeTool } from './tool.ts';
import { noPods } from './write/pods.ts';

const args = z.strictObject({
  ...podArgs,
  path: z
    .string()
    .min(2)
    .max(1_000)
    .superRefine((path, context) => {
      const problem = pathProblem(path);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .describe('Absolute path of a text file.'),
});

export const k8sCopyFrom = writeTool({
  name: 'k8s_copy_from',
  title: 'Read a file of a container',
  toolset: 'debug',
  description:
    'Shows a text file of a running container, up to 64 KB. It runs cat there, so a person approves it first. Files of Secrets are refused.',
  args,
  hints: { idempotent: true, destructive: false },
  plan: async (asked, look) => {
    const { type, object, target, container } = await runningContainer(asked, look);
    assertNoSecret(object, container, asked.path);
    return {
      type,
      live: object,
      program: { container, command: ['cat', asked.path], timeoutMs: 30_000 },
      effect: `Read ${asked.path} in container ${container} of ${target}, by running cat.`,
      risk: { level: 'low', reasons: ['It only reads; the file may hold what not everybody should see.'] },
      blastRadius: { ...noPods, summary: 'One file is read.' },
      reversible: { possible: true, how: 'Nothing is changed.' },
      warnings: [],
      notKnownYet: ['what is in the file'],
      checks: [],
    };
  },
});

function assertNoSecret(pod: KubeObject, container: string, path: string): void {
  const mount = secretMounts(pod, container).find((folder) => path === folder || path.startsWith(`${folder}/`));
  if (mount !== undefined)
    throw Failure.terminal('SecretFile', `path: ${mount} is the mount of a Secret, which is not read.`);
}
