import { Failure } from '@skyflo/contracts';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { standingOf, type Standing } from '../domain/waiting.ts';
import * as arg from './args.ts';
import { type Answer, type Look, readTool } from './tool.ts';

const args = z.strictObject({
  kind: arg.kind,
  name: arg.name,
  namespace: arg.namespace.optional().describe('Namespace of the object, where its kind has one.'),
  until: z
    .enum(['settled', 'ready', 'gone'])
    .default('settled')
    .describe('settled: a workload is rolled out or a Job has ended; ready: a Pod is; gone: it is deleted.'),
  timeout_s: z.number().int().min(1).max(300).default(60).describe('Wait this long at most.'),
  uid: arg.uid.optional().describe('Only this very object: another of its name counts as gone.'),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

export const k8sWait = readTool({
  name: 'k8s_wait',
  title: 'Wait',
  toolset: 'rollout',
  description:
    'Waits until a workload is settled, a pod is ready or an object is gone, and answers at once when it is or cannot be any more. Running out of time is an answer that says what was seen, not an error. Use it instead of asking again and again.',
  args,
  waitsMs: ({ timeout_s }) => timeout_s * 1000,
  read: async (asked, look) => {
    const began = look.now().getTime();
    const type = await look.cluster.discovery.resolve(asked.kind);
    const timeout = AbortSignal.timeout(asked.timeout_s * 1000);
    const waited = await waitFor(asked, { type, timeout, look });
    const seconds = Math.round((look.now().getTime() - began) / 1000);
    return answer(nameOf(type.kind, { ...asked, namespace: asked.namespace }), asked, { ...waited, seconds });
  },
});

type Waited = Standing & { readonly stale: string | undefined };

/** Watches the one object until it stands as wanted, cannot any more, or the time is up. */
async function waitFor(
  asked: Args,
  { type, timeout, look }: { readonly type: ResourceType; readonly timeout: AbortSignal; readonly look: Look },
): Promise<Waited> {
  if (type.namespaced && asked.namespace === undefined)
    throw Failure.terminal('InvalidArguments', `namespace: ${type.kind} ${asked.name} is in a namespace; name it.`);
  let object: KubeObject | undefined;
  let synced = false;
  let stale: string | undefined;
  const standing = () => standingOf(asked.until, object);
  try {
    const watch = look.cluster.watch(type, {
      namespace: type.namespaced ? asked.namespace : undefined,
      fieldSelector: `metadata.name=${asked.name}`,
      signal: AbortSignal.any([look.signal, timeout]),
    });
    for await (const told of watch) {
      if (told.kind === 'disconnected') {
        stale = told.failure.message;
        continue;
      }
      stale = undefined;
      if (told.kind === 'synced') {
        assertThere(asked, { type, object, first: !synced });
        synced = true;
      } else if ('object' in told && isMeant(asked, told.object))
        object = told.kind === 'there' ? told.object : undefined;
      if (synced && standing().state !== 'open') return { ...standing(), stale };
    }
  } catch (error) {
    // A stop of the run ends the wait without an answer; only its own time being up is one.
    if (look.signal.aborted || !timeout.aborted) throw error;
  }
  return synced ? { ...standing(), stale } : { state: 'open', seen: 'nothing: the cluster did not answer', stale };
}

function isMeant({ uid }: Args, { metadata }: KubeObject): boolean {
  return uid === undefined || metadata.uid === uid;
}

/** What was never there is a slip of the pen: better said at once than after a minute. */
function assertThere(
  { until, name }: Args,
  { type, object, first }: { readonly type: ResourceType; readonly object: KubeObject | undefined; first: boolean },
): void {
  if (first && object === undefined && until !== 'gone')
    throw Failure.terminal('NotFound', `There is no ${type.kind} ${name} to wait for.`);
}

function answer(
  target: string,
  { until, timeout_s }: Args,
  { state, seen, stale, seconds }: Waited & { readonly seconds: number },
): Answer {
  const heads = {
    done: `${target} is ${until} after ${seconds} s`,
    hopeless: `${target} will not be ${until}`,
    open: `${target} is not ${until} after ${timeout_s} s, which was the time to wait`,
  };
  const doubt = stale === undefined ? '' : ` The cluster could not be asked lately, so this may be old: ${stale}`;
  return {
    text: `${heads[state]}: ${seen}.${doubt}`,
    facts: { done: state === 'done', timedOut: state === 'open', seen, waitedSeconds: seconds },
  };
}
