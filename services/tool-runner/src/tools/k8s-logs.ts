import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { chooseContainer, containersOf } from '../domain/container-choice.ts';
import { foldLines, grepLines } from '../domain/log-lines.ts';
import { type Pod, toPod } from '../domain/pods.ts';
import { LabelSelector, selectorText } from '../domain/selector-text.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { type Look, readTool } from './tool.ts';

const args = z.strictObject({
  kind: z
    .enum(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'])
    .default('Pod')
    .describe('Of a workload, the logs of its newest pods are shown.'),
  name: arg.name,
  namespace: arg.inNamespace,
  container: arg.container.optional().describe('Container; leave out for the default one.'),
  tail: z.number().int().min(1).max(2000).default(100).describe('How many of the newest lines, per pod.'),
  since_minutes: z.number().int().min(1).max(10_080).optional(),
  previous: z.boolean().default(false).describe('The run before the last restart: for containers that crash.'),
  grep: z.string().min(1).max(200).optional().describe('Only lines that hold this text, searched in the newest 2,000.'),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

const maxPods = 5;
/** For all pods together, below what an event may carry. */
const maxBytes = 48 * 1024;
/** A search reads more than it shows: what is looked for is seldom among the newest lines. */
const searched = { lines: 2000, bytes: 1024 * 1024 };
const Selecting = z.looseObject({ spec: z.looseObject({ selector: LabelSelector.nullish() }) });

export const k8sLogs = readTool({
  name: 'k8s_logs',
  title: 'Read logs',
  toolset: 'core',
  description:
    'The newest log lines of a pod, or of the pods of a Deployment, StatefulSet, DaemonSet or Job; repeated lines are folded. For a container that crashes, set previous.',
  args,
  read: async (asked, look) => {
    const pods = await podsOf(asked, look);
    if (pods.length === 0)
      return { text: `${asked.kind} ${asked.namespace}/${asked.name} has no pods, so there are no logs.` };
    const limitBytes = Math.floor(maxBytes / pods.length);
    const logs = await Promise.all(pods.map((pod) => logOf(pod, { ...asked, limitBytes }, look)));
    return { text: logs.join('\n\n') };
  },
});

async function podsOf(asked: Args, look: Look): Promise<Pod[]> {
  const { object } = await findObject(asked, look);
  if (asked.kind === 'Pod') return [toPod(object)];
  const labelSelector = selectorText(Selecting.parse(object).spec.selector ?? {});
  if (labelSelector === undefined) return [];
  const type = await look.cluster.discovery.resolve('pods');
  const { items } = await look.cluster.list(type, {
    namespace: asked.namespace,
    labelSelector,
    limit: 100,
    signal: look.signal,
  });
  const born = (pod: Pod) => Date.parse(pod.metadata.creationTimestamp ?? '') || 0;
  return items
    .map(toPod)
    .toSorted((a, b) => born(b) - born(a))
    .slice(0, maxPods);
}

async function logOf(pod: Pod, asked: Args & { limitBytes: number }, { cluster, signal }: Look): Promise<string> {
  const container = chooseContainer(pod, asked.container);
  const { name } = pod.metadata;
  const heading = `## ${name}, container ${container}${othersOf(pod, container, asked)}${asked.previous ? ', the run before' : ''}`;
  try {
    const text = await cluster.log(
      { namespace: asked.namespace, name },
      {
        container,
        tailLines: asked.grep === undefined ? asked.tail : searched.lines,
        limitBytes: asked.grep === undefined ? asked.limitBytes : searched.bytes,
        sinceSeconds: asked.since_minutes === undefined ? undefined : asked.since_minutes * 60,
        previous: asked.previous,
        signal,
      },
    );
    return `${heading}\n${shape(text, asked)}`;
  } catch (error) {
    // A container that has not started, or has no run before, is an answer too: the other pods' logs still count.
    if (error instanceof Failure && error.code === 'BadRequest') return `${heading}\nno log: ${error.message}`;
    throw error;
  }
}

/** kubectl says so too: which one was taken where none was named, and what there is besides. */
function othersOf(pod: Pod, container: string, { container: named }: Args): string {
  const others = containersOf(pod).filter((one) => one !== container);
  return named !== undefined || others.length === 0 ? '' : ` (there are also ${others.join(', ')})`;
}

function shape(text: string, { grep, tail }: Args): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const kept = grep === undefined ? lines : grepLines(lines, grep);
  const folded = foldLines(kept).slice(-tail);
  if (folded.length > 0) return folded.join('\n');
  return lines.length === 0 ? 'it has logged nothing' : `none of ${lines.length} lines holds "${grep}"`;
}
