import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { reference } from '../domain/images.ts';
import { assertNotSystem } from '../domain/protected.ts';
import * as arg from './args.ts';
import { writeTool } from './tool.ts';
import { checkField } from './write/checks.ts';
import { noPods } from './write/pods.ts';

const args = z.strictObject({
  name: arg.name
    .refine((name) => /^[a-z0-9-]{1,50}$/.test(name), 'At most 50 of a-z, 0-9 and "-".')
    .describe('How the name begins.'),
  namespace: arg.inNamespace,
  image: z.string().min(1).max(512).regex(reference, 'no image reference').describe('Whole: registry/path:tag.'),
  command: z
    .array(z.string().min(1).max(4_000))
    .max(64)
    .default([])
    .describe('Program and arguments, one word each; no shell reads them. Left out: what the image starts.'),
  cpu_m: z.number().int().min(10).max(4_000).default(500).describe('Most CPU, in thousandths of a core.'),
  memory_mi: z.number().int().min(16).max(8_192).default(256).describe('Most memory, in MiB.'),
  timeout_s: z.number().int().min(10).max(86_400).default(600).describe('It is ended after this.'),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

export const k8sRunPod = writeTool({
  name: 'k8s_run_pod',
  title: 'Run a pod',
  description:
    'Runs one pod once: an image, optionally with a program; limited, without credentials of the cluster, never restarted. A person approves it first. Its output: k8s_logs.',
  toolset: 'debug',
  args,
  hints: { idempotent: false, destructive: false },
  plan: async (asked, look) => {
    const type = await look.cluster.discovery.resolve('pods');
    const name = `${asked.name}-${look.suffix}`;
    const target = nameOf('Pod', { namespace: asked.namespace, name });
    assertNotSystem(asked.namespace, target);
    return {
      type,
      live: toPod(asked, name),
      creation: true,
      effect: `Run ${target} once, from image ${asked.image}.`,
      risk: {
        level: 'medium',
        reasons: ['What the image does cannot be seen beforehand; it reaches what pods there reach.'],
      },
      blastRadius: { ...noPods, podsAdded: 1, summary: `One pod is started, for at most ${asked.timeout_s} s.` },
      reversible: { possible: true, how: `Delete ${target}; what it did stays done.` },
      warnings: [],
      notKnownYet: ['the node it runs on', 'what it does and prints'],
      checks: [checkField({ ...asked, kind: 'Pod', name }, '.metadata.name', name, `${target} is there`)],
    };
  },
});

function toPod({ namespace, image, command, cpu_m, memory_mi, timeout_s }: Args, name: string) {
  const resources = { cpu: `${cpu_m}m`, memory: `${memory_mi}Mi` };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'skyflo', 'skyflo.ai/tool': 'run-pod' } },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: timeout_s,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image,
          ...(command.length === 0 ? {} : { command }),
          resources: { requests: resources, limits: resources },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}
