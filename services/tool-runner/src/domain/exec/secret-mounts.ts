import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';

const Pod = z.looseObject({
  spec: z.looseObject({
    volumes: z
      .array(
        z.looseObject({
          name: z.string(),
          secret: z.unknown().optional(),
          projected: z
            .looseObject({
              sources: z
                .array(z.looseObject({ secret: z.unknown().optional(), serviceAccountToken: z.unknown().optional() }))
                .nullish(),
            })
            .nullish(),
        }),
      )
      .nullish(),
    containers: z.array(
      z.looseObject({
        name: z.string(),
        volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).nullish(),
      }),
    ),
  }),
});

/** Where a container has the content of Secrets, by itself or projected among others. */
export function secretMounts(pod: KubeObject, container: string): string[] {
  const { volumes, containers } = Pod.parse(pod).spec;
  const secret = new Set(
    (volumes ?? [])
      .filter(
        (volume) =>
          volume.secret != null ||
          volume.projected?.sources?.some((source) => source.secret != null || source.serviceAccountToken != null),
      )
      .map(({ name }) => name),
  );
  const mounts = containers.find(({ name }) => name === container)?.volumeMounts ?? [];
  return mounts.filter(({ name }) => secret.has(name)).map(({ mountPath }) => mountPath.replace(/\/+$/, ''));
}
