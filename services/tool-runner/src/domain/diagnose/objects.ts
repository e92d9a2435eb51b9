import { z } from 'zod';

/** The objects of a diagnosis, as far as analyzers read them. What the API server leaves out or calls null is empty here. */
const many = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const words = z
  .record(z.string(), z.string())
  .nullish()
  .transform((entries) => entries ?? {});
const text = z
  .string()
  .nullish()
  .transform((said) => said ?? '');
const count = z
  .number()
  .nullish()
  .transform((number) => number ?? 0);

const Meta = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  labels: words,
  annotations: words,
  creationTimestamp: text,
  deletionTimestamp: text,
  generation: count,
  ownerReferences: many(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().nullish() })),
});
const Conditions = many(
  z.object({ type: z.string(), status: z.string(), reason: text, message: text, lastTransitionTime: text }),
);
const Port = z.union([z.number(), z.string()]);

const Terminated = z.object({ exitCode: z.number(), reason: text, message: text, finishedAt: text });
const State = z
  .object({
    waiting: z.object({ reason: text, message: text }).nullish(),
    running: z.object({ startedAt: text }).nullish(),
    terminated: Terminated.nullish(),
  })
  .nullish()
  .transform((state) => state ?? {});
const ContainerStatus = z.object({
  name: z.string(),
  ready: z.boolean().nullish(),
  restartCount: count,
  state: State,
  lastState: State,
});
export type ContainerStatus = z.infer<typeof ContainerStatus>;

const Container = z.object({
  name: z.string(),
  image: text,
  restartPolicy: text,
  ports: many(z.object({ name: text, containerPort: z.number() })),
  resources: z
    .object({ limits: z.record(z.string(), Port).nullish() })
    .nullish()
    .transform((resources) => resources?.limits ?? {}),
});
const PodSpec = z.object({
  nodeName: text,
  nodeSelector: words,
  restartPolicy: text,
  containers: many(Container),
  initContainers: many(Container),
  volumes: many(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).nullish() })),
});

export const Pod = z.object({
  metadata: Meta,
  spec: PodSpec,
  status: z
    .object({
      phase: text,
      reason: text,
      message: text,
      conditions: Conditions,
      containerStatuses: many(ContainerStatus),
      initContainerStatuses: many(ContainerStatus),
    })
    .prefault({}),
});
export type Pod = z.infer<typeof Pod>;

/** Deployment, StatefulSet, DaemonSet, ReplicaSet and Job. */
export const Controller = z.object({
  kind: z.string(),
  metadata: Meta,
  spec: z
    .object({
      replicas: z.number().nullish(),
      paused: z.boolean().nullish(),
      template: z.object({ metadata: z.object({ labels: words }).prefault({}), spec: PodSpec }).optional(),
    })
    .prefault({}),
  status: z
    .object({
      replicas: count,
      readyReplicas: count,
      desiredNumberScheduled: count,
      failed: count,
      conditions: Conditions,
    })
    .prefault({}),
});
export type Controller = z.infer<typeof Controller>;

export const Service = z.object({
  metadata: Meta,
  spec: z
    .object({
      type: text,
      selector: words,
      ports: many(z.object({ name: text, port: z.number(), targetPort: Port.nullish() })),
    })
    .prefault({}),
});
export type Service = z.infer<typeof Service>;

export const Slice = z.object({
  metadata: Meta,
  endpoints: many(z.object({ conditions: z.object({ ready: z.boolean().nullish() }).nullish() })),
  ports: many(z.object({ name: text, port: z.number().nullish() })),
});
export type Slice = z.infer<typeof Slice>;

export const Claim = z.object({
  metadata: Meta,
  spec: z.object({ storageClassName: text, volumeName: text }).prefault({}),
  status: z.object({ phase: text }).prefault({}),
});
export type Claim = z.infer<typeof Claim>;

export const StorageClass = z.object({ metadata: Meta, volumeBindingMode: text });
export type StorageClass = z.infer<typeof StorageClass>;

export const Autoscaler = z.object({
  metadata: Meta,
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    maxReplicas: z.number(),
  }),
  status: z.object({ currentReplicas: count, desiredReplicas: count, conditions: Conditions }).prefault({}),
});
export type Autoscaler = z.infer<typeof Autoscaler>;

const Backend = z
  .object({
    service: z
      .object({
        name: z.string(),
        port: z.object({ name: text, number: z.number().nullish() }).nullish(),
      })
      .nullish(),
  })
  .nullish();
export const Ingress = z.object({
  metadata: Meta,
  spec: z
    .object({
      defaultBackend: Backend,
      rules: many(
        z.object({
          host: text,
          http: z.object({ paths: many(z.object({ path: text, backend: Backend })) }).nullish(),
        }),
      ),
    })
    .prefault({}),
});
export type Ingress = z.infer<typeof Ingress>;

const quantities = z
  .record(z.string(), Port)
  .nullish()
  .transform((entries) => entries ?? {});
export const Quota = z.object({
  metadata: Meta,
  status: z.object({ hard: quantities, used: quantities }).prefault({}),
});
export type Quota = z.infer<typeof Quota>;

export const Node = z.object({
  metadata: Meta,
  spec: z.object({ unschedulable: z.boolean().nullish() }).prefault({}),
  status: z.object({ conditions: Conditions }).prefault({}),
});
export type Node = z.infer<typeof Node>;

export const Warning = z
  .object({
    metadata: Meta,
    involvedObject: z.object({ kind: text, name: text, namespace: text }),
    reason: text,
    message: text,
    lastTimestamp: text,
    eventTime: text,
    series: z.object({ lastObservedTime: text }).nullish(),
  })
  .transform(({ metadata, involvedObject, reason, message, lastTimestamp, eventTime, series }) => ({
    about: involvedObject,
    reason,
    message,
    at: Date.parse(series?.lastObservedTime || lastTimestamp || eventTime || metadata.creationTimestamp) || 0,
  }));
export type Warning = z.infer<typeof Warning>;
